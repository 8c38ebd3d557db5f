import { setTimeout as sleep } from 'node:timers/promises';
import type { RedisClock } from '../clock/redis-clock.js';
import type { Logger } from '../log/logger.js';
import type { RedisClient } from '../redis/connect-redis.js';
import { takeTurn } from './periodic-jobs-turn.js';

/**
 * Work that some instance of the fleet does every now and then, one instance at a time. A turn that comes while the
 * last one is still going on is left out.
 */
export type PeriodicJob = {
  readonly name: string;
  readonly everyMs: number;
  /** Must be repeatable: an instance that dies within it has it done again by another. */
  readonly run: () => Promise<void>;
};

export type PeriodicJobsOptions = {
  /** Names the jobs of a service in Redis; one per service. */
  readonly queueName: string;
  /** `keyspace()` of the settings. */
  readonly prefix: string;
  /** A `command` connection. */
  readonly redis: RedisClient;
  readonly logger: Logger;
  readonly jobs: readonly PeriodicJob[];
  /** No turn begins before it is known; default: it is. */
  readonly clock?: Pick<RedisClock, 'whenKnown'>;
};

export type PeriodicJobs = {
  /** Begins no more turns, and waits for those that are going on here. */
  close(): Promise<void>;
};

/** However long the next turn is off: another instance may die, and Redis may lose what it knew. */
const longestSleepMs = 5_000;
const redisAwayMs = 500;

/**
 * Takes part in doing the jobs. Nothing hangs on a chain of jobs in Redis, which a lost write would break for good:
 * every instance asks whether a turn is due. Redis may be away at the start.
 */
export function startPeriodicJobs(options: PeriodicJobsOptions): PeriodicJobs {
  const closing = new AbortController();
  let loops: readonly Promise<void>[] = [];
  const begin = () => {
    loops = options.jobs.map((job) => repeat(job, options, closing.signal));
  };
  if (options.clock === undefined) begin();
  else options.clock.whenKnown(begin);
  return {
    close: async () => {
      closing.abort();
      await Promise.all(loops);
    },
  };
}

async function repeat(
  job: PeriodicJob,
  { queueName, prefix, redis, logger }: PeriodicJobsOptions,
  signal: AbortSignal,
): Promise<void> {
  const stem = `${prefix}:periodic:${queueName}:${job.name}`;
  const run = async () => {
    try {
      await job.run();
    } catch (error) {
      // The next turn comes anyway.
      logger.warn('periodic-job.failed', { job: job.name, error });
    }
  };
  while (!signal.aborted) {
    const nextInMs = await takeTurn({ redis, stem, everyMs: job.everyMs }, run).catch(
      (error: unknown) => {
        logger.debug('periodic-job.not-asked', { job: job.name, error });
        return redisAwayMs;
      },
    );
    const pauseMs = Math.min(nextInMs, longestSleepMs);
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
  }
}
