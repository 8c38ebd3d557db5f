import { silentLogger } from '@exrec/service-kit';
import { ownRedis } from '@exrec/service-kit/testing';
import { waitFor } from '@exrec/testing';
import { DueCalls } from '../call-log/due-calls.js';
import { EndSweep } from './end-sweep.js';

const redis = ownRedis();
let nowMs: number;
const sweeps: EndSweep[] = [];

beforeEach(() => {
  nowMs = Date.now();
});
afterEach(() => Promise.all(sweeps.splice(0).map((sweep) => sweep.stop())));

const dueCalls = () => new DueCalls({ redis: redis(), prefix: '{exrec}', now: () => nowMs });

/** An instance whose look at a call ends as `outcome` says: done, changed, or an error. */
function startSweep(outcome: (callUUID: string) => Promise<boolean> | boolean) {
  const checks: string[] = [];
  const postponed: string[] = [];
  const sweep = new EndSweep({
    dueCalls: dueCalls(),
    endStep: {
      run: async (callUUID) => {
        checks.push(callUUID);
        const isDone = await outcome(callUUID);
        if (isDone) await redis().zrem('{exrec}:due', callUUID);
        return isDone;
      },
    },
    metrics: { postponed: (cause) => postponed.push(cause) },
    logger: silentLogger,
  });
  sweeps.push(sweep);
  sweep.start();
  return { checks: checks, postponed, sweep };
}

const addDue = (...ids: readonly string[]) =>
  redis().zadd('{exrec}:due', ...ids.flatMap((id) => [nowMs, id]));
const some = (count: number) => Array.from({ length: count }, (_, n) => `call-${n}`);

it('shares the calls among the instances: each is looked at once, by either', async () => {
  await addDue(...some(400));
  const pause = () => new Promise<boolean>((done) => setTimeout(() => done(true), 2));
  const instances = [startSweep(pause), startSweep(pause)];
  await waitFor('all to be done', async () => (await redis().zcard('{exrec}:due')) === 0);
  const checks = instances.flatMap((instance) => instance.checks);
  expect(checks.toSorted()).toEqual(some(400).toSorted());
  for (const instance of instances) expect(instance.checks.length).toBeGreaterThan(50);
});

it('leaves to others what an instance had taken when it died', async () => {
  await addDue(...some(3));
  expect(await dueCalls().take(10)).toHaveLength(3);
  const { checks: checks } = startSweep(() => true);
  expect(await dueCalls().take(10)).toEqual([]);
  nowMs += 10_000;
  await waitFor('others to look', () => checks.length === 3);
});

it('puts off what Redis does not answer in time, each time twice as late, and looks at all others', async () => {
  await addDue('huge', ...some(50));
  let isHuge = true;
  const { checks: checks, postponed } = startSweep((callUUID) => {
    if (isHuge && callUUID === 'huge') throw new Error('Command timed out');
    return true;
  });
  await waitFor('the others', () => checks.length === 51);
  const delays: number[] = [];
  for (let count = 1; count <= 4; count += 1) {
    await waitFor('the count', async () => (await dueCalls().backlog()).postponed === 1);
    const dueMs = await waitFor('its time', async () => {
      const found = Number(await redis().zscore('{exrec}:due', 'huge'));
      return Number(await redis().hget('{exrec}:postponed', 'huge')) === count ? found : undefined;
    });
    delays.push(dueMs - nowMs);
    nowMs = dueMs;
  }
  expect(delays).toEqual([1_000, 2_000, 4_000, 8_000]);
  expect(postponed.slice(0, 4)).toEqual(Array(4).fill('redis'));
  isHuge = false;
  nowMs += 16_000;
  await waitFor('the end', async () => (await redis().zcard('{exrec}:due')) === 0);
  await waitFor('the count', async () => (await dueCalls().backlog()).postponed === 0);
});

it('is not held up by calls that take very long', async () => {
  await addDue(...Array.from({ length: 7 }, (_, n) => `slow-${n}`));
  const slow = new AbortController();
  const { checks: checks, sweep } = startSweep((callUUID) =>
    callUUID.startsWith('slow')
      ? new Promise((done) => slow.signal.addEventListener('abort', () => done(true)))
      : true,
  );
  await waitFor('the slow ones', () => checks.length === 7);
  await addDue(...some(100));
  await waitFor('the others', () => checks.length === 107);
  let hasStopped = false;
  const stopping = sweep.stop().then(() => (hasStopped = true));
  expect(hasStopped).toBe(false);
  slow.abort();
  await stopping;
  expect(await redis().zcard('{exrec}:due')).toBe(0);
});

it('looks again, a little later, at what has changed while it was looked at', async () => {
  await addDue('a');
  let isChanging = true;
  const { checks: checks } = startSweep(() => !isChanging);
  await waitFor('the first look', async () => {
    const at = Number(await redis().zscore('{exrec}:due', 'a'));
    return at === nowMs + 500;
  });
  expect(checks).toEqual(['a']);
  isChanging = false;
  nowMs += 500;
  await waitFor('the second look', async () => (await redis().zcard('{exrec}:due')) === 0);
});

it('tells how long the most overdue call waits', async () => {
  await addDue('a');
  nowMs += 7_000;
  expect(await dueCalls().backlog()).toEqual({ oldestAtMs: nowMs - 7_000, postponed: 0 });
});
