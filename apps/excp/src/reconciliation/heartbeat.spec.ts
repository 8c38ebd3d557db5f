import { createMetrics, silentLogger } from '@exrec/service-kit';
import { ownRedis } from '@exrec/service-kit/testing';
import { Heartbeat } from './heartbeat.js';

const redis = ownRedis();
const key = '{exrec}:beat';

function heartbeat(): Heartbeat {
  const place = { redis: redis(), prefix: '{exrec}' };
  const metrics = createMetrics('excp');
  const nothing = () => undefined;
  return new Heartbeat({
    ...{ ...place, logger: silentLogger, metrics },
    ...{ onGap: nothing, onError: nothing },
  });
}

/** As if the last beat of the fleet had been so long ago. */
async function pause(ms: number): Promise<void> {
  await redis().hincrby(key, 'atMs', -ms);
  await redis().hincrby(key, 'sinceMs', -ms);
}

it('knows since when the fleet has been there, also one that has just started', async () => {
  const first = heartbeat();
  expect(first.takingForMs()).toBe(0);
  await first.beat();
  await pause(9_000);
  await first.beat();
  await pause(9_000);
  const started = heartbeat();
  expect(started.takingForMs()).toBe(0);
  await started.beat();
  expect(started.takingForMs()).toBeGreaterThanOrEqual(18_000);
  expect(started.takingForMs()).toBeLessThan(60_000);
});

it('begins anew after a break', async () => {
  const [one, other] = [heartbeat(), heartbeat()];
  await one.beat();
  await pause(9_000);
  await one.beat();
  await pause(11_000);
  await other.beat();
  await one.beat();
  expect(one.takingForMs()).toBeLessThan(9_000);
  expect(other.takingForMs()).toBeLessThan(9_000);
});

it('takes a clock of Redis that jumps for a break, also back', async () => {
  const beating = heartbeat();
  await beating.beat();
  await pause(-3_600_000);
  await beating.beat();
  expect(beating.takingForMs()).toBeGreaterThanOrEqual(0);
  expect(beating.takingForMs()).toBeLessThan(9_000);
});

it('has a break itself while Redis confirms nothing', async () => {
  const beating = heartbeat();
  await beating.beat();
  await pause(9_000);
  await beating.beat();
  const monotonic = jest.spyOn(performance, 'now');
  monotonic.mockReturnValue(performance.now() + 10_001);
  expect(beating.takingForMs()).toBe(0);
  monotonic.mockRestore();
});
