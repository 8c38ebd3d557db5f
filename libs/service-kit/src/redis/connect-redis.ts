import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { Logger } from '../log/logger.js';
import type { Settings } from '../settings/catalogue.js';
import { tellNodeFaults } from './cluster-faults.js';
import { callByName } from './cluster-names.js';
import { faultWords } from './fault-words.js';
import { goOn } from './go-on.js';
import { redisAddress } from './redis-address.js';
import { ReplicaStanding } from './replica-standing.js';
import { holdWrites } from './replicated-writes.js';
import { sayEnd, sayEndOfCluster } from './say-end.js';
import { clusterOverseers, sentinelOverseers } from './overseers.js';
import { writeTogether } from './write-together.js';

export const redisSettingNames = [
  'REDIS_URL',
  'REDIS_SENTINELS',
  'REDIS_SENTINEL_MASTER',
  'REDIS_SENTINEL_USERNAME',
  'REDIS_SENTINEL_PASSWORD',
  'REDIS_SENTINEL_TLS',
  'REDIS_CLUSTER_NODES',
  'REDIS_KEY_PREFIX',
  'REDIS_WAIT_REPLICAS',
  'REDIS_REPLICA_GRACE_SECONDS',
] as const;
export type RedisSettings = Settings<(typeof redisSettingNames)[number]>;
export type RedisClient = Redis | Cluster;

/**
 * `command`: an outage is a fast failure, never a queue (docs/design/DESIGN.md#decisions (1)), and a write is answered when replicas
 * have it.
 * `worker`: BullMQ's blocking connections, which wait for Redis to come back.
 */
export type RedisRole = 'command' | 'worker';

/** Longest time a command may stay unanswered, milliseconds. Below the 2 s that docs/design/CONTRACTS.md#21-mcp-pushes-metadata allows for a 503. */
export const redisCommandTimeoutMs = 1_500;

/**
 * A connection on which nothing comes for so long, though something was asked, is dropped: its server may hang, and
 * another may have taken its place. That is after a few commands that timed out, and, of workers, above the 10 s
 * that BullMQ's longest command blocks.
 */
const silenceMs = { command: 2 * redisCommandTimeoutMs + 500, worker: 13_000 };

/** How often a Cluster is asked for its slots: a master that hangs answers nothing, so no redirection either. */
const slotsRefreshMs = 3_000;

export type ConnectRedisOptions = {
  readonly settings: RedisSettings;
  readonly role: RedisRole;
  readonly logger: Logger;
};

/** With a value for `replyMapping` the types of replies would be others. */
type Options = Omit<RedisOptions, 'replyMapping'>;

const standings = new WeakMap<RedisClient, ReplicaStanding>();

/** How a connection stands with its replicas; undefined when none are waited for. */
export function replicaStandingOf(redis: RedisClient): ReplicaStanding | undefined {
  return standings.get(redis);
}

/** A connection as the settings say: single server, Sentinel or Cluster. It reconnects for ever. */
export function connectRedis({ settings, role, logger }: ConnectRedisOptions): RedisClient {
  const standing = role === 'command' ? replicaStanding(settings, logger) : undefined;
  const client = createClient(settings, role, standing);
  if (standing !== undefined) standings.set(client, standing);
  // Queues, workers and the watch of each room listen to the one connection: no leak, so no warning of one. BullMQ adds
  // to the limit, so it cannot be 0, which would mean none.
  client.setMaxListeners(1_000);
  let reported: string | undefined;
  const report = (error: Error) => {
    const reason = faultWords(error);
    if (reason === reported) return;
    // The words may differ with each attempt; the fault is the same until the connection is back.
    const isFirst = reported === undefined;
    reported = reason ?? error.name;
    if (isFirst) logger.warn('redis.connection-lost', { role, reason, error });
  };
  client.on('error', report);
  client.on('node error', (error: Error) => {
    // A node that is gone is no fault of the Cluster; all of them are.
    if (client.status !== 'ready') report(error);
  });
  client.on('ready', () => {
    if (reported !== undefined) logger.info('redis.connection-restored', { role });
    reported = undefined;
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
    socketTimeout: silenceMs[role],
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

/** `rediss://` means TLS to everything: server, Cluster nodes, Sentinels and their master. */
function createClient(
  settings: RedisSettings,
  role: RedisRole,
  standing: ReplicaStanding | undefined,
): RedisClient {
  const options = roleOptions(role);
  const { host, port, db, tls, ...credentials } = redisAddress(settings.REDIS_URL);
  const access = { ...defined(credentials), ...(tls ? { tls: {} } : {}) };
  const prepared = (connection: Redis) => prepare(connection, standing, keyspace(settings));
  const { REDIS_CLUSTER_NODES: nodes, REDIS_SENTINELS: sentinels } = settings;
  if (nodes !== undefined) {
    const cluster = new Cluster([...nodes], {
      ...callByName(),
      enableOfflineQueue: role === 'worker',
      slotsRefreshInterval: slotsRefreshMs,
      redisOptions: { ...options, ...access },
    });
    tellNodeFaults(cluster);
    if (role === 'command') cluster.on('+node', prepared);
    return sayEndOfCluster(cluster);
  }
  if (sentinels !== undefined) {
    const client = new Redis({
      ...options,
      ...access,
      ...sentinelOptions(settings, tls),
      db,
      sentinels: [...sentinels],
      name: masterNameOf(settings),
    });
    return prepared(goOn(sayEnd(client)));
  }
  return prepared(sayEnd(new Redis({ ...options, ...access, host, port, db })));
}

function prepare(connection: Redis, standing: ReplicaStanding | undefined, prefix: string): Redis {
  if (standing === undefined) return writeTogether(connection);
  const writes = holdWrites(connection, standing, `${prefix}:replicated`);
  return writeTogether(connection, () => writes.ask());
}

function masterNameOf({ REDIS_SENTINEL_MASTER: name }: RedisSettings): string {
  return name ?? 'mymaster';
}

function sentinelOptions(settings: RedisSettings, tls: boolean): Options {
  const { username, password, ...rest } = sentinelAccess(settings, tls);
  return {
    ...defined({ sentinelUsername: username, sentinelPassword: password, sentinelTLS: rest.tls }),
    // Without it, ioredis would talk to the master in plain text even for `rediss://`.
    ...(tls ? { enableTLSForSentinelMode: true } : {}),
    // The Sentinels say when another master takes over: the former one may hang, and never close a connection.
    failoverDetector: true,
    sentinelCommandTimeout: redisCommandTimeoutMs,
    sentinelReconnectStrategy: () => 1_000,
  };
}

function sentinelAccess(settings: RedisSettings, tls: boolean): Options {
  return defined({
    username: settings.REDIS_SENTINEL_USERNAME,
    password: settings.REDIS_SENTINEL_PASSWORD,
    tls: (settings.REDIS_SENTINEL_TLS ?? tls) ? {} : undefined,
  });
}

/** Of the settings: by default one replica is waited for where there is somebody to fail over to it. */
function replicaStanding(settings: RedisSettings, logger: Logger): ReplicaStanding | undefined {
  const { REDIS_CLUSTER_NODES: nodes, REDIS_SENTINELS: sentinels } = settings;
  const isWatched = nodes !== undefined || sentinels !== undefined;
  const required = settings.REDIS_WAIT_REPLICAS ?? (isWatched ? 1 : 0);
  if (required === 0) return undefined;
  const { tls } = redisAddress(settings.REDIS_URL);
  const bySentinels = () =>
    sentinelOverseers({
      sentinels: sentinels ?? [],
      masterName: masterNameOf(settings),
      options: sentinelAccess(settings, tls),
    });
  return new ReplicaStanding({
    required,
    graceMs: settings.REDIS_REPLICA_GRACE_SECONDS * 1000,
    overseers: nodes === undefined ? bySentinels() : clusterOverseers,
    logger,
  });
}

/** Without what is undefined: ioredis takes that for a value. */
function defined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
