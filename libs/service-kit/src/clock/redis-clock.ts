import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Check } from '../health/health.js';
import type { Logger } from '../log/logger.js';
import type { Metrics } from '../metrics/metrics.js';
import type { RedisClient } from '../redis/connect-redis.js';
import { machineNow as ownNow, setProcessClock } from './process-clock.js';

export type RedisClockOptions = {
  /** A `command` connection. */
  readonly redis: RedisClient;
  /** `keyspace()` of the settings: in a Cluster the node that holds our keys tells the time. */
  readonly prefix: string;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'gaugeAtScrape'>;
  /** For tests: the clock of a machine that is off. */
  readonly machineNow?: () => number;
};

/**
 * The clock of the whole fleet: that of Redis. This machine's own only counts until Redis has been asked once, and
 * what has passed since it was asked last is measured by the monotonic clock.
 */
export type RedisClock = {
  /** Epoch ms by Redis' clock, as far as this process knows it. */
  readonly now: () => number;
  /** Whether Redis has told the time: before, nothing may be written, taken up or ended by it. */
  readonly isKnown: () => boolean;
  /** Calls back once, as soon as that is so; at once when it is. */
  readonly whenKnown: (begin: () => void) => void;
  /** Calls nobody back any more. */
  readonly forget: () => void;
  /** Whether what cannot be undone may go by this clock: Redis was asked lately and this machine agrees with it. */
  readonly isTrusted: () => boolean;
  /** For `ready`. */
  readonly check: Check;
  /** Asks Redis now, and every now and then; Redis may be away. The whole process goes by this clock from then on. */
  start(): void;
  stop(): void;
};

/** Machines in step with a time server differ by far less. */
const toleratedMs = 60_000;
const askEveryMs = 30_000;
const askAgainMs = 500;
/** After this the monotonic clocks of two machines may have drifted apart by a second. */
const staleMs = 3_600_000;

type Measured = {
  readonly redisMs: number;
  readonly atMs: number;
  /** How far this machine's clock is ahead of Redis'. */
  readonly aheadMs: number;
};

export function redisClock(options: RedisClockOptions): RedisClock {
  const { redis, prefix, logger, metrics, machineNow = ownNow } = options;
  let measured: Measured | undefined;
  let isOff = false;
  const stopping = new AbortController();
  let unset: (() => void) | undefined;
  let waiting: (() => void)[] = [];

  const now = () =>
    measured === undefined
      ? machineNow()
      : Math.round(measured.redisMs + performance.now() - measured.atMs);
  const ask = async () => {
    const { redisMs, atMs } = await measure(redis, prefix);
    const aheadMs = machineNow() - redisMs;
    measured = { redisMs, atMs, aheadMs };
    const begun = waiting;
    waiting = [];
    const wasOff = isOff;
    isOff = Math.abs(aheadMs) > toleratedMs;
    const fields = { aheadSeconds: Math.round(aheadMs / 1000) };
    if (isOff && !wasOff) logger.warn('clock.off', { ...fields, of: 'redis' });
    if (!isOff && wasOff) logger.info('clock.in-step', { ...fields, of: 'redis' });
    for (const begin of begun) begin();
  };
  const askForEver = async () => {
    while (!stopping.signal.aborted) {
      const isAnswered = await ask().then(
        () => true,
        () => false,
      );
      const pauseMs = isAnswered ? askEveryMs : askAgainMs;
      await sleep(pauseMs, undefined, { signal: stopping.signal, ref: false }).catch(
        () => undefined,
      );
    }
  };
  metrics.gaugeAtScrape(
    'exrec_clock_ahead_seconds',
    "how far this machine's clock is ahead of Redis'",
    () => (measured?.aheadMs ?? 0) / 1000,
  );
  return {
    now,
    isKnown: () => measured !== undefined,
    whenKnown: (begin) => {
      if (measured === undefined) waiting.push(begin);
      else begin();
    },
    isTrusted: () =>
      measured !== undefined && !isOff && performance.now() - measured.atMs < staleMs,
    check: () => {
      if (!isOff || measured === undefined) return undefined;
      const seconds = Math.round(measured.aheadMs / 1000);
      const how = seconds > 0 ? 'ahead of' : 'behind';
      return {
        degraded: `this machine's clock is ${Math.abs(seconds)} s ${how} that of Redis: nothing is deleted`,
      };
    },
    start: () => {
      unset = setProcessClock(now);
      void askForEver();
      // A failover may bring a Redis with another clock.
      redis.on('ready', () => void ask().catch(() => undefined));
    },
    forget: () => {
      waiting = [];
    },
    stop: () => {
      waiting = [];
      stopping.abort();
      unset?.();
    },
  };
}

/** By a script, since that is routed by its key; half of the way there and back is taken off. */
async function measure(redis: RedisClient, prefix: string): Promise<Omit<Measured, 'aheadMs'>> {
  const sentAtMs = performance.now();
  const reply = await redis.eval(`return redis.call('TIME')`, 1, `${prefix}:clock`);
  const atMs = performance.now();
  const [seconds, microseconds] = reply as [string, string]; // TIME's documented reply
  const redisMs = Number(seconds) * 1000 + Number(microseconds) / 1000 + (atMs - sentAtMs) / 2;
  return { redisMs, atMs };
}
