import { Command } from 'ioredis';
import { startRedisCluster, startRedisSentinels, waitFor, type RedisCluster } from '@exrec/testing';
import {
  connectRedis,
  createQueue,
  isRedisUnavailable,
  keyspace,
  luaScript,
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

let cluster: RedisCluster | undefined;

/** Three masters; one Cluster for all tests, since none leaves it broken. */
async function startCluster() {
  cluster ??= await startRedisCluster();
  return { cluster, environment: { REDIS_CLUSTER_NODES: cluster.nodes, REDIS_WAIT_REPLICAS: '0' } };
}

afterAll(() => cluster?.stop());

/** The slot of every key below `{exrec}`. */
const slotOfKeys = new Command('get', ['{exrec}']).getSlot();

describe('Redis Cluster', () => {
  it('holds keys of one keyspace together, so that a transaction may touch them all', async () => {
    const { environment } = await startCluster();
    const { redis, prefix } = connect(environment, 'command');
    await waitFor('the connection', () => redis.status === 'ready');
    await redis.multi().set(`${prefix}:a`, '1').set(`${prefix}:b`, '2').exec();
    expect(await redis.mget(`${prefix}:a`, `${prefix}:b`)).toEqual(['1', '2']);
    expect(await redisCheck(redis, prefix)()).toBeUndefined();
  });

  it('is asked for readiness at the node that holds the keys', async () => {
    const { cluster, environment } = await startCluster();
    const owner = await cluster.ownerOf(slotOfKeys);
    const { redis, prefix } = connect(environment, 'command');
    await waitFor('the connection', () => redis.status === 'ready');
    const admin = connect({ REDIS_URL: owner.url }, 'command').redis;
    await waitFor('the connection', () => admin.status === 'ready');
    for (let n = 0; n < 10; n += 1) expect(await redisCheck(redis, prefix)()).toBeUndefined();
    await admin.config('SET', 'maxmemory', '1mb');
    for (let n = 0; n < 10; n += 1)
      await expect(redisCheck(redis, prefix)()).rejects.toThrow(/OOM command not allowed/);
    await admin.config('SET', 'maxmemory', '0');
  });

  it('runs scripts that name a key, and no other', async () => {
    const { environment } = await startCluster();
    const { redis, prefix } = connect(environment, 'command');
    await waitFor('the connection', () => redis.status === 'ready');
    const count = luaScript(`return redis.call('INCR', '${prefix}:counted')`);
    for (let n = 1; n <= 30; n += 1) expect(await count(redis, [`${prefix}:counted`], [])).toBe(n);
    await expect(count(redis, [], [])).rejects.toThrow('name a key');
  });

  it('is not ready, and a refusal, where it was taken for a single server', async () => {
    const { cluster } = await startCluster();
    const owner = await cluster.ownerOf(slotOfKeys);
    const { redis, prefix } = connect({ REDIS_URL: owner.url }, 'command');
    await waitFor('the connection', () => redis.status === 'ready');
    await expect(redisCheck(redis, prefix)()).rejects.toThrow('REDIS_CLUSTER_NODES');
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
    const { cluster, environment } = await startCluster();
    const server = await cluster.ownerOf(slotOfKeys);
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
      for (let attempt = 0; attempt < 2; attempt += 1) {
        const startedAt = Date.now();
        expect(isRedisUnavailable(await set())).toBe(true);
        times.push(Date.now() - startedAt);
      }
      // The quickest, and three times as long: what a busy machine adds is not ours.
      expect(Math.min(...times)).toBeLessThan(6_000);
    }
    await server.restart();
    await waitFor('a confirmed write', async () => (await set()) === 'OK');
  });
});

describe('Redis Sentinel', () => {
  it('is asked for the master, and for the new one after a failover', async () => {
    const fleet = await startRedisSentinels();
    undo.push(() => fleet.stop());
    const [master] = fleet.servers;
    const environment = {
      REDIS_SENTINELS: fleet.sentinels,
      REDIS_SENTINEL_MASTER: fleet.masterName,
      REDIS_REPLICA_GRACE_SECONDS: '0.5',
    };
    const { redis, prefix } = connect(environment, 'command');
    await waitFor('the connection', () => redis.status === 'ready');
    expect(await redis.set(`${prefix}:k`, '1')).toBe('OK');
    expect(await redisCheck(redis, prefix)()).toBeUndefined();
    await master?.kill();
    await waitFor(
      'a confirmed write on the new master',
      async () => (await redis.set(`${prefix}:k`, '2').catch(() => undefined)) === 'OK',
    );
  });
});
