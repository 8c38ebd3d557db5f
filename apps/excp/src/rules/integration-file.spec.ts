import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '@exrec/service-kit';
import { ownRedis } from '@exrec/service-kit/testing';
import { waitFor } from '@exrec/testing';
import { IntegrationFile } from './integration-file.js';
import { ScopeMemory } from './scope-memory.js';

const pollMs = 150;
const settings = {
  EXCP_QUEUE_PARAMETER: 'queue',
  STA_DEFAULT_LANGUAGE: undefined,
  STA_USERDATA_LANGUAGE_KEY: undefined,
};
const scoped = 'sync_scope:\n  agents: [agent7105]\nqueue_map: {VQ_Sales: Sales}\n';

const redis = ownRedis();
let folder: string;
let path: string;
let file: IntegrationFile;
const newFile = () =>
  new IntegrationFile({
    ...{ path, settings, logger: silentLogger, pollMs },
    scopeMemory: new ScopeMemory(redis(), '{exrec}'),
  });
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'exrec-rules-'));
  path = join(folder, 'hybrid.yaml');
  file = newFile();
});
afterEach(async () => {
  file.stop();
  await rm(folder, { recursive: true });
});

const started = async (text: string) => {
  await writeFile(path, text);
  await file.start();
};
const agents = () => file.current()?.syncScope?.agents;

it('has its rules in force when it has started', async () => {
  await started(scoped);
  expect(agents()).toEqual(['agent7105']);
  expect(file.check()).toBeUndefined();
});

it('never goes by a file that is being written, whatever it says at each moment', async () => {
  await started(scoped);
  const whole = `${scoped}agent_map: {}\n`;
  // Each piece is valid by itself. It grows at every look, and more often.
  for (let length = 1; length <= 30; length += 1) {
    await writeFile(path, `queue_map: {VQ_Sales: "${'x'.repeat(length)}"}\n`);
    await new Promise((done) => setTimeout(done, pollMs / 5));
    expect(file.current()).toMatchObject({ queueMap: { VQ_Sales: 'Sales' } });
    expect(agents()).toEqual(['agent7105']);
  }
  await writeFile(path, whole.replace('7105', '7106'));
  await waitFor('the whole file', () => agents()?.[0] === 'agent7106');
});

it('puts nothing into scope by a file that has lost its sync_scope, and everything by one that says so', async () => {
  await started(scoped);
  await writeFile(path, 'queue_map: {VQ_Sales: Sales}\n');
  await waitFor('the refusal', () => file.problems().length === 1);
  expect(file.check()?.degraded).toContain('write sync_scope: all); the last good one is in force');
  expect(agents()).toEqual(['agent7105']);
  await writeFile(path, 'sync_scope: all\nqueue_map: {VQ_Sales: Sales}\n');
  await waitFor('the new scope', () => file.current()?.syncScope === undefined);
  expect(file.problems()).toEqual([]);
});

it('keeps the last good file while it is gone or wrong, and takes it again when it comes back as it was', async () => {
  await started(scoped);
  await rm(path);
  await waitFor('the refusal', () => file.problems().length === 1);
  await writeFile(path, Buffer.from('queue_map: {Müller: x}', 'latin1'));
  await waitFor('the next', () => file.problems()[0]?.reason === 'is not UTF-8');
  expect(agents()).toEqual(['agent7105']);
  await writeFile(path, scoped);
  await waitFor('the good one', () => file.problems().length === 0);
  expect(agents()).toEqual(['agent7105']);
});

it('has no rules when there never was a good file', async () => {
  await file.start();
  expect(file.current()).toBeUndefined();
  expect(file.check()?.degraded).toContain('nothing is sent');
});

it('remembers over a restart that there was a sync_scope, also of another instance', async () => {
  await started(scoped);
  file.stop();
  await writeFile(path, 'queue_map: {VQ_Sales: Sales}\n');
  file = newFile();
  await file.start();
  expect(file.current()).toBeUndefined();
  expect(file.check()?.degraded).toContain('write sync_scope: all); nothing is sent');
  await writeFile(path, 'sync_scope: all\nqueue_map: {VQ_Sales: Sales}\n');
  await waitFor('everything in scope', () => file.current() !== undefined);
  await waitFor('the note of it', async () => (await redis().exists('{exrec}:sync-scope')) === 0);
  file.stop();
  await writeFile(path, 'queue_map: {VQ_Sales: Sales}\n');
  file = newFile();
  await file.start();
  expect(file.current()?.queueMap).toEqual({ VQ_Sales: 'Sales' });
});

it('has no rules without a sync_scope as long as nobody can say whether there was one', async () => {
  let isAway = true;
  file = new IntegrationFile({
    ...{ path, settings, logger: silentLogger, pollMs },
    scopeMemory: {
      hadScope: () =>
        isAway ? Promise.reject(new Error('Redis is away')) : Promise.resolve(false),
      record: () => Promise.resolve(),
    },
  });
  await started('queue_map: {VQ_Sales: Sales}\n');
  expect(file.current()).toBeUndefined();
  expect(file.check()?.degraded).toContain('cannot be asked');
  isAway = false;
  await waitFor('the rules', () => file.current() !== undefined);
  expect(file.problems()).toEqual([]);
});
