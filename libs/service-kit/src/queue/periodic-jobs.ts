import { setTimeout as sleep } from 'node:timers/promises';
import type { Queue, Worker } from 'bullmq';
import type { Logger } from '../log/logger.js';
import type { RedisClient } from '../redis/connect-redis.js';
import { createQueue, startWorker } from './queues.js';

/** Work that some instance of the fleet does every now and then, one instance at a time. */
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

/** Schedules the jobs in Redis with BullMQ and takes part in doing them. Redis may be away at the start. */
export function startPeriodicJobs(options: PeriodicJobsOptions): PeriodicJobs {
  const { queueName: name, prefix, commandConnection, workerConnection, logger, jobs } = options;
  const queue = createQueue<null>({ name, prefix, connection: commandConnection });
  const worker = startWorker<null>({
    name,
    prefix,
    connection: workerConnection,
    concurrency: jobs.length,
    logger,
    process: async (job) => {
      const wanted = jobs.find((candidate) => candidate.name === job.name);
      try {
        await wanted?.run();
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
