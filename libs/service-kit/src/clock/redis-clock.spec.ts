import { Redis } from 'ioredis';
import { waitFor } from '@exrec/testing';
import { ownRedis } from '../../test/own-redis.js';
import { createMetrics } from '../metrics/metrics.js';
import { silentLogger, type LogFields } from '../log/logger.js';
import { setProcessClock } from './process-clock.js';
import { redisClock, type RedisClock } from './redis-clock.js';

const redis = ownRedis();
const clocks: RedisClock[] = [];
const realNow = Date.now;

afterEach(() => {
  for (const clock of clocks.splice(0)) clock.stop();
});

/** A clock of a machine whose own is off by so much. */
function clockOf(machineOffByMs: number, warnings: (string | LogFields)[] = []): RedisClock {
  const clock = redisClock({
    redis: redis(),
    prefix: '{exrec}',
    logger: {
      ...silentLogger,
      warn: (event, fields = {}) => void warnings.push(event, fields),
    },
    metrics: createMetrics('excp'),
    machineNow: () => realNow() + machineOffByMs,
  });
  clocks.push(clock);
  clock.start();
  return clock;
}

const hourMs = 3_600_000;

it.each([-25 * hourMs, -90_000, -30_000, 0, 30_000, 90_000, 25 * hourMs])(
  'tells the time of Redis on a machine that is off by %d ms',
  async (offByMs) => {
    const warnings: (string | LogFields)[] = [];
    const clock = clockOf(offByMs, warnings);
    expect(clock.isTrusted()).toBe(false);
    await waitFor('Redis', () => clock.isTrusted() || warnings.length > 0);
    expect(Math.abs(clock.now() - realNow())).toBeLessThan(10_000);
    const isOff = Math.abs(offByMs) > 60_000;
    expect(clock.isTrusted()).toBe(!isOff);
    expect(await clock.check()).toEqual(
      isOff ? { degraded: expect.stringMatching(offByMs > 0 ? 'ahead of' : 'behind') } : undefined,
    );
    expect(warnings.filter((word) => word === 'clock.off')).toHaveLength(isOff ? 1 : 0);
    // BullMQ asks nothing else.
    expect(Math.abs(Date.now() - realNow())).toBeLessThan(10_000);
    clock.stop();
    expect(Date.now).toBe(realNow);
  },
);

it('is that of the machine until Redis has been asked, and nothing is deleted by it', () => {
  const away = new Redis({ port: 1, lazyConnect: true, enableOfflineQueue: false });
  const options = { prefix: '{exrec}', logger: silentLogger, metrics: createMetrics('excp') };
  const clock = redisClock({ redis: away, ...options });
  expect(Math.abs(clock.now() - realNow())).toBeLessThan(10_000);
  expect(clock.isTrusted()).toBe(false);
  away.disconnect();
});

it('leaves the clock of the process alone once another has taken its place', () => {
  const undoFirst = setProcessClock(() => 1);
  const undoSecond = setProcessClock(() => 2);
  undoFirst();
  expect(Date.now()).toBe(2);
  undoSecond();
  expect(Date.now).toBe(realNow);
});
