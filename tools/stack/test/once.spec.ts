import { connect, createServer } from 'node:net';
import { freePort, waitFor } from '@exrec/testing';
import { bundledStack, startStackProcess, type StackRun } from './started-stack.js';

let stack: Awaited<ReturnType<typeof bundledStack>>;
const runs: StackRun[] = [];

beforeAll(async () => {
  stack = await bundledStack();
});
afterAll(async () => {
  await Promise.all(runs.map((run) => run.kill('SIGTERM')));
});

async function start(args: readonly string[], env?: Record<string, string>): Promise<StackRun> {
  const run = await startStackProcess(stack, args, env);
  runs.push(run);
  return run;
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

async function isEverythingGone(run: StackRun): Promise<boolean> {
  const listening = await Promise.all([...run.ports().values()].map(isListening));
  return !listening.includes(true);
}

const everything = [
  ...['GC simulator', 'Redis', 'PostgreSQL'],
  ...['storage', 'exrp', 'excp', 'excp-2', 'ledger'],
];

it('plays the sample calls, verifies every recording and stops what it started', async () => {
  // Longer than a busy machine takes between the events of a call.
  const run = await start(['--once'], { EXCP_QUIET_PERIOD_SECONDS: '8' });
  const { code } = await run.ended;
  expect(run.output()).toContain('each upload was opened');
  expect(code).toBe(0);
  const lines = run.output().split('\n');
  expect(lines.filter((line) => line.endsWith('✓'))).toHaveLength(22);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(120);
  expect([...run.ports().keys()].sort()).toEqual([...everything].sort());
  expect(await isEverythingGone(run)).toBe(true);
});

it.each([
  ['is asked to stop', 'SIGTERM', 143],
  ['is killed without a chance to stop anything', 'SIGKILL', null],
] as const)('leaves no program behind when it %s', async (_name, signal, exitCode) => {
  const run = await start(['--once']);
  await waitFor('all to be up', () => run.output().includes('playing'));
  expect(run.ports().size).toBe(everything.length);
  run.signal(signal);
  expect((await run.ended).code).toBe(exitCode);
  await waitFor('all to be gone', () => isEverythingGone(run));
});

it('names a taken port and its setting before it starts anything', async () => {
  const port = await freePort();
  const other = createServer().listen(port, '127.0.0.1');
  const run = await start(['--once'], { EXRP_PORT: `${port}` });
  expect((await run.ended).code).toBe(1);
  expect(run.output()).toMatch(new RegExp(`${port}: another program .* EXRP wants it.*EXRP_PORT=`));
  expect(run.ports().size).toBe(0);
  other.close();
});

it('says at once that a Redis which was given does not answer', async () => {
  const run = await start(['--once'], { REDIS_URL: `redis://127.0.0.1:${await freePort()}` });
  expect((await run.ended).code).toBe(1);
  expect(run.output()).toContain('The Redis of REDIS_URL does not answer');
});
