import { join } from 'node:path';
import { casePath, workspaceRoot } from '@exrec/testing';
import { runExrec, startExrec } from './run-exrec.js';

const example = join(workspaceRoot(), 'examples', 'hybrid-integration.yaml');

it('says that EXCP takes the example, and what it says', async () => {
  const { code, stdout } = await startExrec(['config', 'check', example]);
  expect(code).toBe(0);
  expect(stdout).toContain('EXCP takes the file');
  expect(stdout).toContain('agents agent71* agent7201, or dns 71??, or queues VQ_Tech* VQ_Sales');
  const { stdout: json } = await runExrec(['config', 'check', example, '--json']);
  expect(JSON.parse(json)).toMatchObject({
    taken: true,
    problems: [],
    settings: { staDefaultLanguage: 'en-US', queueMap: { VQ_TechSupport: 'Tech Support' } },
  });
});

it('names every line that is wrong, also of what comes in', async () => {
  const input = 'sync_scope:\n  agent: [x]\nqueue_map: 3\n';
  const { code, stdout } = await startExrec(['config', 'check', '-'], { input });
  expect(code).toBe(1);
  expect(stdout).toContain(
    'line 2: sync_scope has an unknown key; it may hold agents, dns, queues',
  );
  expect(stdout).toContain('line 3: queue_map must be a map');
  expect(stdout).toContain('2 faults: EXCP would refuse the file as a whole');
  const latin1 = casePath('hybrid-file-not-utf8', 'hybrid-latin1.yaml');
  const refused = await runExrec(['config', 'check', latin1, '--json']);
  expect(JSON.parse(refused.stdout)).toMatchObject({ taken: false, problems: [{ line: 4 }] });
});

it('tells a file without a scope from one that means it', async () => {
  const check = (input: string) => runExrec(['config', 'check', '-'], { input });
  const forgotten = await check('queue_map: {VQ_Sales: Sales}\n');
  expect([forgotten.code, forgotten.stdout]).toEqual([
    0,
    expect.stringContaining('write sync_scope: all'),
  ]);
  expect((await check('sync_scope: all\n')).stdout).not.toContain('write sync_scope: all');
});

it('names a file that is not there as wrong use', async () => {
  const { code, stderr } = await startExrec(['config', 'check', '/nowhere.yaml']);
  expect([code, stderr]).toEqual([2, expect.stringContaining('cannot be read (ENOENT)')]);
});

it.each([
  [['agent7105', '9', '-'], 0, 'in scope: agents:agent71*'],
  [['-', '7199', '-'], 0, 'in scope: dns:71??'],
  [['agent1', '1', 'VQ_Sales'], 0, 'in scope: queues:VQ_Sales'],
  [['agent1', '1', '-'], 1, 'not in scope: no rule of sync_scope matches'],
])('says of %j by which rule it is in scope', async (words, exitCode, sentence) => {
  const args = ['config', 'scope', ...words];
  const named = await runExrec([...args, '--file', example]);
  expect([named.code, named.stdout]).toEqual([exitCode, expect.stringContaining(sentence)]);
  const bySetting = await startExrec(args, { env: { HYBRID_INTEGRATION_FILE: example } });
  expect(bySetting.stdout).toBe(named.stdout);
});

it('does not judge by a file that EXCP would not take', async () => {
  const file = casePath('hybrid-file-not-utf8', 'hybrid-latin1.yaml');
  const { code, stderr } = await runExrec(['config', 'scope', 'a', 'b', 'c', '--file', file]);
  expect([code, stderr]).toEqual([1, expect.stringContaining('exrec config check')]);
});
