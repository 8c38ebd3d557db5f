import {
  DelayedError,
  Queue,
  Worker,
  type ConnectionOptions,
  type Job,
  type QueueOptions,
} from 'bullmq';
import type { RedisClock } from '../clock/redis-clock.js';
import type { Logger } from '../log/logger.js';
import type { RedisClient } from '../redis/connect-redis.js';

/**
 * A killed worker's job is back after at most lock + stall check, well below the 15 s of docs/design/CONTRACTS.md#36-what-may-happen-and-what-exrp-does.
 * The lock is renewed every third of its time while the event loop is alive.
 */
const lockMs = 7_000;
const stallCheckMs = 4_000;
/** BullMQ would give a job up after one crash; how often a recording may kill its worker is decided by us. */
const maxStalledCount = 1_000;

export type QueuePlace = {
  readonly name: string;
  /** `keyspace()` of the settings. */
  readonly prefix: string;
  readonly connection: RedisClient;
};

/** A BullMQ queue whose finished jobs disappear: the evidence is kept in records of our own. */
export function createQueue<Data>(place: QueuePlace): Queue<Data, void> {
  const options: QueueOptions = {
    connection: asConnection(place.connection),
    prefix: place.prefix,
    skipVersionCheck: true,
    defaultJobOptions: {
      removeOnComplete: true,
      removeOnFail: 1_000,
      attempts: 1_000_000,
      backoff: { type: 'fixed', delay: 5_000 },
    },
  };
  const queue = new Queue<Data, void>(place.name, options);
  // Connection faults are reported by the connection itself; without a listener they would end the process.
  queue.on('error', () => undefined);
  return queue;
}

export type WorkerOptions<Data> = QueuePlace & {
  readonly concurrency: number;
  readonly logger: Logger;
  readonly process: (job: Job<Data, void>) => Promise<void>;
  /** No job is taken before it is known; default: it is. */
  readonly clock?: Pick<RedisClock, 'whenKnown'>;
};

/**
 * A BullMQ worker. `process` decides about retries itself (see `delayJob`);
 * an error that escapes it is a fault of ours, logged, and tried again after 5 s.
 */
export function startWorker<Data>(options: WorkerOptions<Data>): Worker<Data, void> {
  const worker = new ClosableWorker<Data>(options);
  worker.on('error', (error) =>
    options.logger.debug('queue.worker-error', { queue: options.name, error }),
  );
  worker.on('failed', (job, error) => {
    options.logger.error('queue.job-failed', { queue: options.name, jobId: job?.id, error });
  });
  return worker;
}

/** How long closing waits for Redis to come back once no job is running; whoever takes over loses nothing by it. */
const closingPatienceMs = 1_000;
/** The jobs that are worked on, by the connection that their workers share: it goes when the last of them has ended. */
const runningJobs = new WeakMap<RedisClient, Set<unknown>>();

/**
 * A BullMQ worker that can be closed while Redis is away. BullMQ's own loop asks for the next job on the shared
 * connection, whose commands wait for Redis for ever, and closing waits for the loop.
 */
class ClosableWorker<Data> extends Worker<Data, void> {
  readonly #shared: RedisClient;

  constructor(options: WorkerOptions<Data>) {
    const { name, prefix, connection, concurrency, process, clock } = options;
    const running = runningJobs.get(connection) ?? new Set();
    runningJobs.set(connection, running);
    const counted = async (job: Job<Data, void>) => {
      running.add(job);
      await process(job).finally(() => running.delete(job));
    };
    super(name, counted, {
      connection: asConnection(connection),
      prefix,
      skipVersionCheck: true,
      concurrency,
      lockDuration: lockMs,
      stalledInterval: stallCheckMs,
      maxStalledCount,
      autorun: clock === undefined,
    });
    clock?.whenKnown(() => {
      this.run().catch((error: unknown) => this.emit('error', error as Error)); // as BullMQ's own start
    });
    this.#shared = connection;
  }

  override async close(force?: boolean): Promise<void> {
    const watch = setInterval(() => {
      const isIdle = runningJobs.get(this.#shared)?.size === 0;
      if (isIdle && this.#shared.status !== 'ready') this.#shared.disconnect();
    }, closingPatienceMs);
    try {
      await super.close(force);
    } finally {
      clearInterval(watch);
    }
  }
}

/**
 * Puts the job that is being processed back until `at` (epoch ms).
 * Never returns: BullMQ wants this error to know that the job was moved.
 * @throws DelayedError
 */
export async function delayJob(job: Job, at: number): Promise<never> {
  await job.moveToDelayed(at, job.token);
  throw new DelayedError();
}

/** BullMQ bundles its own ioredis types; the client itself is the same class. */
function asConnection(client: RedisClient): ConnectionOptions {
  return client;
}
