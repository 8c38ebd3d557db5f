import { setImmediate } from 'node:timers/promises';
import { Redis } from 'ioredis';
import {
  startRedisSentinels,
  waitFor,
  type RedisSentinels,
  type RedisServer,
} from '@exrec/testing';
import {
  connectRedis,
  isRedisUnavailable,
  keyspace,
  luaScript,
  readSettings,
  redisCheck,
  redisRule,
  redisSettingNames,
  silentLogger,
  type RedisClient,
} from '../src/index.js';

let fleet: RedisSentinels;
let prefix: string;
const clients: (RedisClient | Redis)[] = [];

beforeEach(async () => {
  fleet = await startRedisSentinels();
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.disconnect();
  await fleet.stop();
});

async function connect(more: Readonly<Record<string, string>> = {}): Promise<RedisClient> {
  const environment = {
    REDIS_SENTINELS: fleet.sentinels,
    REDIS_SENTINEL_MASTER: fleet.masterName,
    ...more,
  };
  const settings = readSettings(redisSettingNames, environment, [redisRule]);
  prefix = keyspace(settings);
  const redis = connectRedis({ settings, role: 'command', logger: silentLogger });
  clients.push(redis);
  await waitFor('the connection', () => redis.status === 'ready');
  return redis;
}

async function admin(server: RedisServer | undefined): Promise<Redis> {
  const client = new Redis(server?.url ?? '');
  clients.push(client);
  await waitFor('the connection', () => client.status === 'ready');
  return client;
}

/** Writes numbers without a pause until it is stopped; what was acknowledged, and what was refused otherwise than it may be. */
function writing(redis: RedisClient) {
  const acknowledged: number[] = [];
  const faults: unknown[] = [];
  const stopping = new AbortController();
  const add = luaScript(`return redis.call('SADD', KEYS[1], ARGV[1])`);
  const work = (async () => {
    for (let n = 0; !stopping.signal.aborted; n += 1) {
      const both = [add(redis, [`${prefix}:a`], [n]), redis.sadd(`${prefix}:b`, n)];
      const [first, second] = await Promise.allSettled(both);
      for (const result of [first, second]) {
        if (result?.status === 'rejected' && !isRedisUnavailable(result.reason))
          faults.push(result.reason);
      }
      if (first?.status === 'fulfilled' && second?.status === 'fulfilled') acknowledged.push(n);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  })();
  return {
    acknowledged,
    faults,
    stop: async () => {
      stopping.abort();
      await work;
    },
  };
}

async function lostOf(acknowledged: readonly number[]): Promise<number[]> {
  const redis = await admin(await fleet.master());
  const kept = new Set((await redis.sinter(`${prefix}:a`, `${prefix}:b`)).map(Number));
  return acknowledged.filter((n) => !kept.has(n));
}

it.each(['planned', 'hang'] as const)(
  'loses nothing that it acknowledged in a failover: %s',
  async (kind) => {
    const redis = await connect({ REDIS_REPLICA_GRACE_SECONDS: '0.5' });
    const writer = writing(redis);
    await waitFor('some writes', () => writer.acknowledged.length > 50);
    const [former] = fleet.servers;
    if (kind === 'planned') await fleet.failover();
    else process.kill(former?.pid() ?? 0, 'SIGSTOP');
    await waitFor('another master', async () => (await fleet.master()) !== former);
    const before = writer.acknowledged.length;
    await waitFor('writes on it', () => writer.acknowledged.length > before + 50);
    process.kill(former?.pid() ?? 0, 'SIGCONT');
    const old = await admin(fleet.servers[0]);
    // One that hung is made a replica by Sentinel only after ten seconds.
    if (kind === 'planned')
      await waitFor('the former master as replica', async () =>
        (await old.info('replication')).includes('master_link_status:up'),
      );
    await writer.stop();
    expect(await lostOf(writer.acknowledged)).toEqual([]);
    expect(writer.faults).toEqual([]);
  },
);

it('refuses a write that the connected replica does not have, within 2 s', async () => {
  const redis = await connect();
  const check = redisCheck(redis, prefix);
  await waitFor(
    'readiness',
    async () => (await Promise.resolve(check()).catch(() => 1)) === undefined,
  );
  process.kill(fleet.servers[1]?.pid() ?? 0, 'SIGSTOP');
  const startedAtMs = Date.now();
  const refused = await redis.set(`${prefix}:k`, '1').catch((error: unknown) => error);
  expect(String(refused)).toContain('only 0 of 1 replicas');
  expect(isRedisUnavailable(refused)).toBe(true);
  // Three times as long: a machine may be busy.
  expect(Date.now() - startedAtMs).toBeLessThan(6_000);
  await expect(Promise.resolve(check())).rejects.toThrow(/small write.*NOREPLICAS/);
  process.kill(fleet.servers[1]?.pid() ?? 0, 'SIGCONT');
  await waitFor('a confirmed write', () => redis.set(`${prefix}:k`, '2').catch(() => false));
});

it('outlives that a write is confirmed after it was given up', async () => {
  const redis = await connect();
  await waitFor('a confirmed write', () => redis.set(`${prefix}:k`, '1').catch(() => false));
  const [, replica] = fleet.servers;
  process.kill(replica?.pid() ?? 0, 'SIGSTOP');
  const first = redis.set(`${prefix}:k`, '2').catch(String);
  await setImmediate();
  // Its confirmation is asked for when that of the first has failed, and takes longer than the command may.
  const second = await redis.set(`${prefix}:k`, '3').catch(String);
  process.kill(replica?.pid() ?? 0, 'SIGCONT');
  expect(await first).toContain('NOREPLICAS');
  expect(second).toContain('Command timed out');
  // The runner takes a rejection that nobody handles for a failure; a service ends with it.
  await waitFor('a confirmed write', () => redis.set(`${prefix}:k`, '4').catch(() => false));
});

it('answers a script that only found what another connection wrote when replicas have that', async () => {
  const [redis, other] = [await connect(), await admin(fleet.servers[0])];
  const read = luaScript(`return redis.call('GET', KEYS[1])`);
  await read(redis, [`${prefix}:k`], []);
  process.kill(fleet.servers[1]?.pid() ?? 0, 'SIGSTOP');
  await other.set(`${prefix}:k`, 'of another');
  const found = await read(redis, [`${prefix}:k`], []).catch((error: unknown) => error);
  expect(String(found)).toContain('NOREPLICAS');
  process.kill(fleet.servers[1]?.pid() ?? 0, 'SIGCONT');
});

it('takes writes again, and says less is promised, when there is no replica and it is still named', async () => {
  const redis = await connect({ REDIS_REPLICA_GRACE_SECONDS: '1' });
  await fleet.servers[1]?.kill();
  const write = () => redis.set(`${prefix}:k`, '1').catch((error: unknown) => String(error));
  await waitFor('the loss to be noticed', async () =>
    (await write()).includes('no replica is connected'),
  );
  await waitFor('a write without a replica', async () => (await write()) === 'OK');
  const check = redisCheck(redis, prefix);
  expect(await check()).toEqual({ degraded: expect.stringContaining('one machine only') });
  await fleet.servers[1]?.restart();
  await waitFor(
    'the replica',
    async () => (await Promise.resolve(check()).catch(() => 1)) === undefined,
  );
});
