import { setTimeout as sleep } from 'node:timers/promises';
import type { Job, Queue, Worker } from 'bullmq';
import type { Logger } from '../log/logger.js';
import type { RedisClient } from '../redis/connect-redis.js';
import { doAlone } from './periodic-jobs-lock.js';
import { createQueue, startWorker } from './queues.js';

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
  /** Name of the BullMQ queue; one per service. */
  readonly queueName: string;
  /** `keyspace()` of the settings. */
  readonly prefix: string;
  readonly commandConnection: RedisClient;
  readonly workerConnection: RedisClient;
  readonly logger: Logger;
  readonly jobs: readonly PeriodicJob[];
};

export type PeriodicJobs = {
  /** Has the named job done once, as soon as possible, by any instance. */
  runNow(name: string): Promise<void>;
  close(): Promise<void>;
};

/** When a turn that must not be left out is tried again. */
const takenDelayMs = 1_000;

/** Schedules the jobs in Redis with BullMQ and takes part in doing them. Redis may be away at the start. */
export function startPeriodicJobs(options: PeriodicJobsOptions): PeriodicJobs {
  const { queueName: name, prefix, commandConnection, workerConnection, logger, jobs } = options;
  const queue = createQueue<null>({ name, prefix, connection: commandConnection });
  const worker = startWorker<null>({
    name,
    prefix,
    connection: workerConnection,
    // No job takes up more than one: a slow one never holds up the others.
    concurrency: jobs.length,
    logger,
    process: async (job) => {
      const wanted = jobs.find((candidate) => candidate.name === job.name);
      if (wanted === undefined) return;
      const lock = { redis: commandConnection, key: `${prefix}:periodic:${name}:${job.name}` };
      try {
        const isDone = await doAlone(lock, wanted.run);
        if (!isDone && isNeeded(job)) await queue.add(job.name, null, { delay: takenDelayMs });
      } catch (error) {
        // The next turn comes anyway.
        logger.warn('periodic-job.failed', { job: job.name, error });
      }
    },
  });
  const closing = new AbortController();
  void scheduleAll(queue, options, closing.signal);
  return {
    runNow: async (jobName) => {
      await queue.add(jobName, null);
    },
    close: () => closeAll(queue, worker, closing),
  };
}

/** Asked for with `runNow`, or cut off by the death of an instance whose lock has not lapsed yet. */
function isNeeded({ repeatJobKey, attemptsStarted }: Job<null>): boolean {
  return repeatJobKey === undefined || attemptsStarted > 1;
}

async function scheduleAll(
  queue: Queue<null>,
  options: PeriodicJobsOptions,
  signal: AbortSignal,
): Promise<void> {
  for (const job of options.jobs) {
    while (!signal.aborted) {
      try {
        await queue.upsertJobScheduler(job.name, { every: job.everyMs }, { name: job.name });
        break;
      } catch (error) {
        options.logger.debug('periodic-job.not-scheduled-yet', { job: job.name, error });
        await sleep(500, undefined, { signal }).catch(() => undefined);
      }
    }
  }
}

async function closeAll(
  queue: Queue<null>,
  worker: Worker<null, void>,
  closing: AbortController,
): Promise<void> {
  closing.abort();
  await worker.close();
  await queue.close();
}
