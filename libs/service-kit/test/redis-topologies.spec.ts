import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort, startProcess, startRedis, waitFor } from '@exrec/testing';
import {
  connectRedis,
  createQueue,
  isRedisUnavailable,
  keyspace,
  readSettings,
  redisCheck,
  redisRule,
  redisSettingNames,
  silentLogger,
  startWorker,
  type Environment,
} from '../src/index.js';

/** Undone after each test, last first. */
const undo: (() => unknown)[] = [];

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

function connect(environment: Environment, role: 'command' | 'worker') {
  const settings = readSettings(redisSettingNames, environment, [redisRule]);
  const redis = connectRedis({ settings, role, logger: silentLogger });
  undo.push(() => redis.disconnect());
  return { redis, prefix: keyspace(settings) };
}

async function start(...extraArgs: string[]) {
  const server = await startRedis(extraArgs);
  undo.push(() => server.stop());
  return server;
}

/** A Cluster of one node that holds all slots. */
async function startCluster() {
  // Alone, a node learns its own address from nobody.
  const server = await start(
    ...['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1'],
    ...['--cluster-port', `${await freePort()}`],
  );
  const admin = new Redis(server.port, '127.0.0.1');
  await admin.cluster('ADDSLOTSRANGE', 0, 16_383);
  await waitFor('the cluster', async () => (await admin.cluster('INFO')).includes('state:ok'));
  admin.disconnect();
  return { server, environment: { REDIS_CLUSTER_NODES: `127.0.0.1:${server.port}` } };
}

/** One Sentinel that watches a master and its replica and fails over at once. */
async function startSentinel() {
  const master = await start();
  const replica = await start('--replicaof', `127.0.0.1 ${master.port}`);
  const port = await freePort();
  const file = join(mkdtempSync(join(tmpdir(), 'exrec-sentinel-')), 'sentinel.conf');
  const config = [
    `port ${port}`,
    'bind 127.0.0.1',
    `sentinel monitor watched 127.0.0.1 ${master.port} 1`,
    'sentinel down-after-milliseconds watched 300',
    'sentinel failover-timeout watched 2000',
  ];
  writeFileSync(file, config.join('\n'));
  const sentinel = await startProcess({ command: 'redis-server', args: [file, '--sentinel'] });
  undo.push(() => sentinel.kill());
  const admin = new Redis(port, '127.0.0.1', { retryStrategy: () => 50 });
  admin.on('error', () => undefined);
  undo.push(() => admin.disconnect());
  await waitFor('the Sentinel to know the replica', async () => {
    const answer = await admin.call('SENTINEL', 'REPLICAS', 'watched').catch(() => []);
    return JSON.stringify(answer).includes(`${replica.port}`);
  });
  const environment = {
    REDIS_SENTINELS: `127.0.0.1:${port}`,
    REDIS_SENTINEL_MASTER: 'watched',
  };
  return { master, environment };
}

describe('Redis Cluster', () => {
  it('holds keys of one keyspace together, so that a transaction may touch them all', async () => {
    const { environment } = await startCluster();
    const { redis, prefix } = connect(environment, 'command');
    await waitFor('the connection', () => redis.status === 'ready');
    await redis.multi().set(`${prefix}:a`, '1').set(`${prefix}:b`, '2').exec();
    expect(await redis.mget(`${prefix}:a`, `${prefix}:b`)).toEqual(['1', '2']);
    expect(await redisCheck(redis)()).toBeUndefined();
  });

  it('is not ready, and a refusal, where it was taken for a single server', async () => {
    const { server } = await startCluster();
    const { redis, prefix } = connect({ REDIS_URL: server.url }, 'command');
    await waitFor('the connection', () => redis.status === 'ready');
    await expect(redisCheck(redis)()).rejects.toThrow('REDIS_CLUSTER_NODES');
    const crossing = redis.mget(`${prefix}:a`, '{other}:b').catch((error: unknown) => error);
    expect(isRedisUnavailable(await crossing)).toBe(true);
  });

  it('carries queues', async () => {
    const { environment } = await startCluster();
    const forQueue = connect(environment, 'command');
    await waitFor('the connection', () => forQueue.redis.status === 'ready');
    const queue = createQueue({
      name: 'q',
      prefix: forQueue.prefix,
      connection: forQueue.redis,
    });
    undo.push(() => queue.close());
    const forWorker = connect(environment, 'worker');
    const worked = new Promise<string | undefined>((resolve) => {
      const worker = startWorker({
        name: 'q',
        prefix: forWorker.prefix,
        connection: forWorker.redis,
        concurrency: 1,
        logger: silentLogger,
        process: (job) => {
          resolve(job.id);
          return Promise.resolve();
        },
      });
      undo.push(() => worker.close());
    });
    await queue.add('recording', {}, { jobId: 'r1' });
    expect(await worked).toBe('r1');
  });

  it('is a refusal within 2 s while it is dead or frozen, and recovers', async () => {
    const { server, environment } = await startCluster();
    const { redis, prefix } = connect(environment, 'command');
    await waitFor('the connection', () => redis.status === 'ready');
    const set = () => redis.set(`${prefix}:k`, '1').catch((error: unknown) => error);
    const faults = [
      () => Promise.resolve(process.kill(server.pid(), 'SIGSTOP')),
      () => server.kill(),
    ];
    for (const fault of faults) {
      await fault();
      const times: number[] = [];
      for (let attempt = 0; attempt < 3; attempt += 1) {
        const startedAt = Date.now();
        expect(isRedisUnavailable(await set())).toBe(true);
        times.push(Date.now() - startedAt);
      }
      // The quickest: what a busy machine adds to one of them is not ours.
      expect(Math.min(...times)).toBeLessThan(2_000);
    }
    await server.restart();
    await waitFor('a confirmed write', async () => (await set()) === 'OK');
  });
});

describe('Redis Sentinel', () => {
  it('is asked for the master, and for the new one after a failover', async () => {
    const { master, environment } = await startSentinel();
    const { redis, prefix } = connect(environment, 'command');
    await waitFor('the connection', () => redis.status === 'ready');
    expect(await redis.set(`${prefix}:k`, '1')).toBe('OK');
    expect(await redisCheck(redis)()).toBeUndefined();
    await master.kill();
    await waitFor(
      'a confirmed write on the new master',
      async () => (await redis.set(`${prefix}:k`, '2').catch(() => undefined)) === 'OK',
    );
  });
});
