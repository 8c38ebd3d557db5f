import { setTimeout as sleep } from 'node:timers/promises';
import type { Job, Queue, Worker } from 'bullmq';
import { startProcess, startRedis, waitFor, type RedisServer } from '@exrec/testing';
import {
  connectRedis,
  createQueue,
  delayJob,
  keyspace,
  readSettings,
  redisSettingNames,
  silentLogger,
  startWorker,
  type LogFields,
  type RedisClient,
  type Logger,
  type QueuePlace,
} from '../src/index.js';
import { bundledFixture } from './bundled-fixture.js';

/** docs/design/CONTRACTS.md#36-what-may-happen-and-what-exrp-does: a dead process's work is taken up again within this time. */
const takeOverLimitMs = 15_000;

let redis: RedisServer;
const clients: RedisClient[] = [];
const closables: (Queue<unknown, void> | Worker<unknown, void>)[] = [];

beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());
afterEach(async () => {
  await Promise.all(closables.splice(0).map((closable) => closable.close()));
  for (const client of clients.splice(0)) client.disconnect();
});

function place(name: string, role: 'command' | 'worker', server = redis) {
  const settings = readSettings(redisSettingNames, { REDIS_URL: server.url });
  const connection = connectRedis({ settings, role, logger: silentLogger });
  clients.push(connection);
  return { name, prefix: keyspace(settings), connection };
}

async function queue(name: string): Promise<Queue<unknown, void>> {
  const made = createQueue<unknown>(place(name, 'command'));
  closables.push(made);
  await made.waitUntilReady();
  return made;
}

function work(name: string, process: (job: Job<unknown, void>) => Promise<void>, logger?: Logger) {
  const worker = startWorker<unknown>({
    ...place(name, 'worker'),
    concurrency: 2,
    logger: logger ?? silentLogger,
    process,
  });
  closables.push(worker);
  return worker;
}

it("takes a killed process's job over in time, again and again", async () => {
  const program = await bundledFixture('worker');
  const crash = await queue('crash');
  await crash.add('recording', {}, { jobId: 'r1' });
  for (let death = 0; death < 2; death += 1) {
    const child = await startProcess({ args: [program], env: { REDIS_URL: redis.url } });
    await waitFor('the job in the process', () => child.output().includes('fixture.took'), {
      timeoutMs: 180_000,
    });
    await child.kill('SIGKILL');
  }
  const takenOver: unknown[] = [];
  const heir = work('crash', (job) => {
    takenOver.push(job.id);
    return Promise.resolve();
  });
  await waitFor('the job in another worker', () => takenOver.length > 0);
  expect(takenOver).toEqual(['r1']);
  // The lock of the dead one has to end, and somebody has to look: not measured, since a machine may be busy.
  const { lockDuration = Infinity, stalledInterval = Infinity } = heir.opts;
  expect(lockDuration + stalledInterval).toBeLessThanOrEqual(takeOverLimitMs);
});

it('puts a job back until its time, without counting an attempt as failed', async () => {
  const later = await queue('later');
  const runs: number[] = [];
  const failures: LogFields[] = [];
  const logger = {
    ...silentLogger,
    error: (_event: string, fields: LogFields = {}) => void failures.push(fields),
  };
  await later.add('recording', {}, { jobId: 'r1' });
  const dueAt = Date.now() + 400;
  work(
    'later',
    async (job) => {
      runs.push(Date.now());
      if (runs.length === 1) await delayJob(job, dueAt);
    },
    logger,
  );
  await waitFor('the second run', () => runs.length === 2);
  expect(runs[1]).toBeGreaterThanOrEqual(dueAt);
  expect(failures).toEqual([]);
});

it('refuses to settle a job whose lock was lost to another worker', async () => {
  const lost = await queue('lost');
  await lost.add('recording', {}, { jobId: 'r1' });
  const store = place('lost', 'command').connection;
  const refused = new Promise<unknown>((resolve) => {
    work('lost', async (job) => {
      const lock = `${lost.toKey('r1')}:lock`;
      const token = await store.get(lock);
      await store.set(lock, 'another worker');
      await delayJob(job, Date.now() + 60_000).catch((error: unknown) => resolve(error));
      await store.set(lock, token ?? '');
    });
  });
  expect(String(await refused)).toMatch(/lock/i);
});

it('tries a job again after a fault of ours, and says so', async () => {
  const faulty = await queue('faulty');
  const events: string[] = [];
  const logger = { ...silentLogger, error: (event: string) => void events.push(event) };
  await faulty.add('recording', {}, { jobId: 'r1' });
  work('faulty', () => Promise.reject(new Error('fault')), logger);
  await waitFor('the report', () => events.includes('queue.job-failed'));
  await waitFor('the way back', async () => (await faulty.getJobState('r1')) === 'delayed');
});

it('adds one job for one id, also at once', async () => {
  const once = await queue('once');
  await Promise.all(Array.from({ length: 10 }, () => once.add('recording', {}, { jobId: 'r1' })));
  expect(await once.getJobCountByTypes('waiting')).toBe(1);
});

it('leaves nothing of a finished job behind', async () => {
  const done = await queue('done');
  const worker = work('done', () => Promise.resolve());
  const completed = new Promise((resolve) => worker.once('completed', resolve));
  await done.add('recording', {}, { jobId: 'r1' });
  await completed;
  expect(await done.getJob('r1')).toBeUndefined();
});

describe('a worker whose Redis is away', () => {
  let server: RedisServer;
  let shared: QueuePlace;
  beforeEach(async () => {
    server = await startRedis();
    shared = place('away', 'worker', server);
  });
  afterEach(() => server.stop());

  function workAt(name: string, process: (job: Job<unknown, void>) => Promise<void>) {
    const options = { ...shared, name, concurrency: 1, logger: silentLogger, process };
    return startWorker<unknown>(options);
  }

  /** A worker at its one job, which ends when `end` is called. */
  async function busy(name: string) {
    const [taken, ended] = [deferred(), deferred()];
    const worker = workAt(name, () => {
      taken.resolve();
      return ended.promise;
    });
    const jobs = createQueue<unknown>(place(name, 'command', server));
    closables.push(jobs);
    await jobs.waitUntilReady();
    await jobs.add('recording', {}, { jobId: 'r1' });
    await taken.promise;
    return { worker, jobs, end: ended.resolve };
  }

  it('closes while its connection waits for the next attempt', async () => {
    const worker = workAt('away', () => Promise.resolve());
    await worker.waitUntilReady();
    await server.kill();
    await waitFor('a second attempt', () => shared.connection.status === 'reconnecting');
    await worker.close();
    expect(worker.isRunning()).toBe(false);
  });

  it('closes when its job has ended and cannot say so', async () => {
    const { worker, end } = await busy('away');
    await server.kill();
    end();
    await worker.close();
    expect(worker.isRunning()).toBe(false);
  });

  it('leaves the connection to another worker whose job still runs', async () => {
    const [one, other] = [await busy('one'), await busy('other')];
    await server.kill();
    one.end();
    const closed = one.worker.close();
    await sleep(2_500);
    await server.restart();
    await closed;
    other.end();
    await waitFor('the end of the job', async () => {
      // The test's own connection may not be back yet.
      const job = await other.jobs.getJob('r1').catch(() => null);
      return job === undefined;
    });
    await other.worker.close();
  });
});

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}
