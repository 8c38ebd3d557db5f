import { Cluster, Redis } from 'ioredis';
import type { Logger } from '../log/logger.js';
import type { Settings } from '../settings/catalogue.js';
import { sayEnd } from './say-end.js';
import { writeTogether } from './write-together.js';

export const redisSettingNames = [
  'REDIS_URL',
  'REDIS_SENTINELS',
  'REDIS_SENTINEL_MASTER',
  'REDIS_CLUSTER_NODES',
  'REDIS_KEY_PREFIX',
] as const;
export type RedisSettings = Settings<(typeof redisSettingNames)[number]>;
export type RedisClient = Redis | Cluster;

/**
 * `command`: an outage is a fast failure, never a queue (DESIGN decision 1).
 * `worker`: BullMQ's blocking connections, which wait for Redis to come back.
 */
export type RedisRole = 'command' | 'worker';

/** Longest time a command may stay unanswered, milliseconds. Below the 2 s that CONTRACTS 2.1 allows for a 503. */
export const redisCommandTimeoutMs = 1_500;

export type ConnectRedisOptions = {
  readonly settings: RedisSettings;
  readonly role: RedisRole;
  readonly logger: Logger;
};

/** A connection as the settings say: single server, Sentinel or Cluster. It reconnects for ever. */
export function connectRedis({ settings, role, logger }: ConnectRedisOptions): RedisClient {
  const client = createClient(settings, role);
  // Queues, workers and the watch of each room listen to the one connection: no leak, so no warning of one.
  client.setMaxListeners(0);
  let reported = false;
  client.on('error', (error: Error) => {
    if (!reported) logger.warn('redis.connection-lost', { role, error });
    reported = true;
  });
  client.on('ready', () => {
    if (reported) logger.info('redis.connection-restored', { role });
    reported = false;
  });
  return client;
}

/** First part of every key, as a hash tag so that one Cluster slot holds them all. */
export function keyspace(settings: Pick<RedisSettings, 'REDIS_KEY_PREFIX'>): string {
  return `{${settings.REDIS_KEY_PREFIX}}`;
}

function roleOptions(role: RedisRole) {
  const common = {
    connectTimeout: 2_000,
    keepAlive: 10_000,
    // By default ioredis looks again only after as long as Redis guesses to need for loading.
    maxLoadingRetryTime: 1_000,
    retryStrategy: (attempt: number) => Math.min(50 * 2 ** Math.min(attempt, 10), 1_000),
    reconnectOnError: (error: Error) => /^(READONLY|LOADING)/.test(error.message),
  };
  return role === 'worker'
    ? { ...common, maxRetriesPerRequest: null }
    : {
        ...common,
        enableOfflineQueue: false,
        maxRetriesPerRequest: 0,
        commandTimeout: redisCommandTimeoutMs,
        // No enableAutoPipelining: ioredis 6.0.0 then throws outside any promise when a pipeline
        // comes back short ("results[i] is not iterable"), which ends the process.
      };
}

/** `rediss://` means TLS to everything: server, Cluster nodes, Sentinels and their master (our choice). */
function createClient(settings: RedisSettings, role: RedisRole): RedisClient {
  const options = roleOptions(role);
  const { REDIS_CLUSTER_NODES: nodes, REDIS_SENTINELS: sentinels } = settings;
  const { username, password, tls, db } = credentialsOf(settings.REDIS_URL);
  const access = {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(tls ? { tls: {} } : {}),
  };
  if (nodes !== undefined) {
    const enableOfflineQueue = role === 'worker';
    return new Cluster([...nodes], {
      enableOfflineQueue,
      redisOptions: { ...options, ...access },
    });
  }
  if (sentinels !== undefined) {
    const name = settings.REDIS_SENTINEL_MASTER ?? 'mymaster';
    // Without these two, ioredis would talk to Sentinels and master in plain text even for `rediss://`.
    const sentinelAccess = tls ? { enableTLSForSentinelMode: true, sentinelTLS: {} } : {};
    return single(
      new Redis({
        ...options,
        ...access,
        ...sentinelAccess,
        db,
        sentinels: [...sentinels],
        name,
      }),
    );
  }
  return single(new Redis(settings.REDIS_URL, options));
}

function single(client: Redis): Redis {
  return writeTogether(sayEnd(client));
}

function credentialsOf(redisUrl: string) {
  const { username, password, protocol, pathname } = new URL(redisUrl);
  return {
    username: username === '' ? undefined : decodeURIComponent(username),
    password: password === '' ? undefined : decodeURIComponent(password),
    tls: protocol === 'rediss:',
    db: Number(pathname.slice(1)) || 0,
  };
}
