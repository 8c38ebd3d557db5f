import { startRedis, waitFor, type RedisServer } from '@exrec/testing';
import type { Check } from '../health/health.js';
import { silentLogger, type LogFields, type Logger } from '../log/logger.js';
import { readSettings } from '../settings/read-settings.js';
import { connectRedis, keyspace, redisSettingNames, type RedisClient } from './connect-redis.js';
import { redisCheck } from './redis-check.js';
import { Failure } from '../failure/failure.js';
import { isRedisUnavailable } from './redis-error.js';

/**
 * docs/design/CONTRACTS.md#21-mcp-pushes-metadata: a write that Redis cannot confirm is refused within 2 s. A busy machine
 * may take three times as long; without a limit it would be refused after 8 s, or never.
 */
const refusalLimitMs = 6_000;

const servers: RedisServer[] = [];
const clients: RedisClient[] = [];

async function start(...extraArgs: string[]): Promise<RedisServer> {
  const server = await startRedis(extraArgs);
  servers.push(server);
  return server;
}

function unconnected(server: RedisServer, logger: Logger = silentLogger): RedisClient {
  const settings = readSettings(redisSettingNames, { REDIS_URL: server.url });
  const redis = connectRedis({ settings, role: 'command', logger });
  clients.push(redis);
  return redis;
}

async function client(server: RedisServer, logger?: Logger): Promise<RedisClient> {
  const redis = unconnected(server, logger);
  await waitFor('the connection', () => redis.status === 'ready');
  return redis;
}

afterEach(async () => {
  for (const redis of clients.splice(0)) redis.disconnect();
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

/** The error of a command that must fail, and how long it took. */
async function refusal(
  command: () => Promise<unknown>,
): Promise<{ error: unknown; tookMs: number }> {
  const startedAt = Date.now();
  try {
    await command();
  } catch (error) {
    return { error, tookMs: Date.now() - startedAt };
  }
  throw new Error('the command was confirmed');
}

/**
 * How long the quickest of three refusals took, each of them because Redis is not available: what a busy machine adds
 * to one of them is not ours.
 */
async function quickestRefusalMs(command: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const { error, tookMs } = await refusal(command);
    expect(isRedisUnavailable(error)).toBe(true);
    times.push(tookMs);
  }
  return Math.min(...times);
}

/** Why the check finds Redis down, if the reason carries `words`. */
async function reasonDown(check: Check, words: string): Promise<string | undefined> {
  try {
    await check();
  } catch (error) {
    if (String(error).includes(words)) return String(error);
  }
  return undefined;
}

describe('a Redis that goes away', () => {
  it('is a fast refusal while it is dead, and nothing more after its restart', async () => {
    const server = await start();
    const redis = await client(server);
    await redis.set('kept', '1');
    await server.kill();
    expect(await quickestRefusalMs(() => redis.set('lost', '1'))).toBeLessThan(refusalLimitMs);
    await server.restart();
    await waitFor('the connection', () => redis.status === 'ready');
    expect(await redis.mget('kept', 'lost')).toEqual(['1', null]);
  });

  it('is a refusal when it dies while it is asked', async () => {
    const server = await start();
    const redis = await client(server);
    process.kill(server.pid(), 'SIGSTOP');
    const refused = refusal(() => redis.set('k', '1'));
    await server.kill();
    expect(isRedisUnavailable((await refused).error)).toBe(true);
  });

  it('is a fast refusal when it is frozen, and goes on when it wakes', async () => {
    const server = await start();
    const redis = await client(server);
    process.kill(server.pid(), 'SIGSTOP');
    const tookMs = await quickestRefusalMs(() => redis.set('k', '1'));
    process.kill(server.pid(), 'SIGCONT');
    expect(tookMs).toBeLessThan(refusalLimitMs);
    await waitFor('an answer', () => redis.ping().catch(() => false));
  });

  it('is reported once when it goes and once when it is back', async () => {
    const events: string[] = [];
    const record = (event: string, _fields?: LogFields) => void events.push(event);
    const server = await start();
    const redis = await client(server, { ...silentLogger, warn: record, info: record });
    await server.kill();
    await waitFor('some attempts', () => redis.status === 'reconnecting' && events.length > 0);
    await server.restart();
    await waitFor('the connection', () => redis.status === 'ready');
    expect(events).toEqual(['redis.connection-lost', 'redis.connection-restored']);
  });
});

describe('a Redis that answers but cannot write', () => {
  it('is unavailable when its memory is full, for commands and for scripts', async () => {
    const redis = await client(await start('--maxmemory', '3mb'));
    const filler = 'x'.repeat(100_000);
    const fill = async () => {
      for (let n = 0; n < 100; n += 1) await redis.set(`filler${n}`, filler);
    };
    const plain = await refusal(fill);
    const script = await refusal(async () => {
      const source = `return redis.call('SET', KEYS[1], ARGV[1])`;
      for (let n = 0; n < 100; n += 1) await redis.eval(source, 1, `scripted${n}`, filler);
    });
    for (const { error } of [plain, script]) {
      expect(String(error)).toContain('OOM');
      expect(isRedisUnavailable(error)).toBe(true);
    }
    await redis.flushall();
    expect(await redis.set('k', '1')).toBe('OK');
  });

  it('is unavailable as a replica, and not ready', async () => {
    const master = await start();
    const replica = await start('--replicaof', `127.0.0.1 ${master.port}`);
    const redis = await client(replica);
    const check = redisCheck(redis, '{exrec}');
    const { error } = await refusal(() => redis.set('k', '1'));
    expect(String(error)).toContain('READONLY');
    expect(isRedisUnavailable(error)).toBe(true);
    expect(await waitFor('the reason', () => reasonDown(check, 'replica'))).toContain('written');
  });

  it('is unavailable while it loads, and ready afterwards', async () => {
    const server = await start(
      '--key-load-delay',
      '200',
      '--loading-process-events-interval-bytes',
      '1024',
    );
    const redis = await client(server);
    const check = redisCheck(redis, '{exrec}');
    const entries = Array.from({ length: 20_000 }, (_, n) => [`key${n}`, 'x'.repeat(100)]).flat();
    await redis.mset(entries);
    await redis.bgrewriteaof();
    await waitFor('the rewritten file', async () =>
      (await redis.info('persistence')).includes('aof_rewrite_in_progress:0'),
    );
    await server.kill();
    const restarted = server.restart();
    await waitFor('the reason', () => reasonDown(check, 'loading'));
    expect(isRedisUnavailable((await refusal(() => redis.set('k', '1'))).error)).toBe(true);
    await restarted;
    await waitFor('its data', () => redis.get('key1').catch(() => false));
    expect(await check()).toBeUndefined();
  });

  it.each([
    ['OOM command not allowed', true],
    ['MOVED 3999 127.0.0.1:6381', true],
    ['ASK 3999 127.0.0.1:6381', true],
    ["CROSSSLOT Keys in request don't hash to the same slot", true],
    [
      "ERR Error running script (call to f_1): @user_script:1: @user_script: 1: -OOM command not allowed when used memory > 'maxmemory'.",
      true,
    ],
    ['NOREPLICAS Not enough good replicas to write.', true],
    ['CLUSTERDOWN The cluster is down', true],
    ['UNKILLABLE Sorry the script already executed write commands', true],
    ['UNBLOCKED force unblock from blocking operation, instance state changed', true],
    ['TRYAGAIN Multiple keys request during rehashing of slot', true],
    ["ERR The user executing the script can't run this command or subcommand script: 1", true],
    ['ERR Script attempted to access a non local key in a cluster node', true],
    ['ERR max number of clients reached', true],
    ['ERR syntax error', false],
    ['BUSYGROUP Consumer Group name already exists', false],
    ['WRONGTYPE Operation against a key holding the wrong kind of value', false],
    ["ERR unknown command 'OOM'", false],
    ['ERR Error running script (call to f_1): @user_script:1: LOADING is nil', false],
  ])('%s: unavailable %s', (message, expected) => {
    const error = Object.assign(new Error(message), { name: 'ReplyError' });
    expect(isRedisUnavailable(error)).toBe(expected);
  });

  it('is what ioredis says of a Cluster or a Sentinel that it cannot follow', () => {
    for (const message of [
      'Too many Cluster redirections. Last error: ReplyError: MOVED 1 127.0.0.1:1',
      'Cluster is ended.',
      'None of startup nodes is available',
      'Socket timeout. Expecting data, but did not receive any in 3500ms.',
    ])
      expect(isRedisUnavailable(new Error(message))).toBe(true);
  });

  it('is not what a fault of ours is', () => {
    expect(isRedisUnavailable(new TypeError('x is undefined'))).toBe(false);
    const ofAnother = Failure.later('exrp-unavailable', { detail: 'ECONNREFUSED' });
    expect(isRedisUnavailable(ofAnother)).toBe(false);
    expect(isRedisUnavailable('Connection is closed.')).toBe(false);
  });
});

describe('redisCheck', () => {
  it('passes a Redis set up as it must be', async () => {
    expect(await redisCheck(await client(await start()), '{exrec}')()).toBeUndefined();
  });

  it('refuses a Redis that evicts', async () => {
    const redis = await client(await start('--maxmemory-policy', 'allkeys-lru'));
    await expect(Promise.resolve().then(redisCheck(redis, '{exrec}'))).rejects.toThrow(
      /allkeys-lru.*noeviction/,
    );
  });

  it('warns of a Redis that forgets', async () => {
    const redis = await client(await start('--appendonly', 'no'));
    expect(await redisCheck(redis, '{exrec}')()).toEqual({
      degraded: expect.stringContaining('append-only'),
    });
  });

  it('refuses a Redis that is gone and says how it is gone', async () => {
    const server = await start();
    const check = redisCheck(await client(server), '{exrec}');
    await server.kill();
    expect(await waitFor('the reason', () => reasonDown(check, 'ECONNREFUSED'))).toContain(
      'answer',
    );
  });

  it.each(['info', 'set'])('says which right is missing: +%s', async (right) => {
    const server = await start();
    const check = redisCheck(await client(server), '{exrec}');
    const [admin] = clients;
    await admin?.call('ACL', 'SETUSER', 'default', `-${right}`);
    await waitFor('the reason', () => reasonDown(check, `NOPERM`));
    expect(await reasonDown(check, right)).toContain('Redis');
    await admin?.call('ACL', 'SETUSER', 'default', `+${right}`);
    expect(await check()).toBeUndefined();
  });

  it('says that the password is missing, not only that nobody answers', async () => {
    const redis = unconnected(await start('--requirepass', 'hush'));
    const check = redisCheck(redis, '{exrec}');
    await waitFor('the reason', () => reasonDown(check, 'NOAUTH'));
  });
});

it('puts every key of a service into one Cluster slot', () => {
  expect(keyspace({ REDIS_KEY_PREFIX: 'exrec' })).toBe('{exrec}');
});
