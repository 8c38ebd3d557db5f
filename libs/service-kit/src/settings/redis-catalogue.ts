import { flag, hostsAndPorts, integerBetween, positive, text, url } from './parsers.js';
import { secret, setting, withRedis } from './setting.js';

/** How the services reach Redis, and when a write counts. */
export const redisCatalogue = {
  REDIS_URL: {
    ...setting(
      withRedis,
      url('redis:', 'rediss:'),
      'Redis; `rediss://` for TLS',
      'redis://127.0.0.1:6379',
    ),
    secret: true,
    shownDefault: 'redis://127.0.0.1:6379',
  },
  REDIS_SENTINELS: setting(withRedis, hostsAndPorts, 'Sentinels, `host:port,host:port`'),
  REDIS_SENTINEL_MASTER: setting(withRedis, text, 'name of the master that the Sentinels watch'),
  REDIS_SENTINEL_USERNAME: setting(
    withRedis,
    text,
    'user name for the Sentinels, where they have users',
  ),
  REDIS_SENTINEL_PASSWORD: secret(withRedis, 'password of the Sentinels, where they have one'),
  REDIS_SENTINEL_TLS: {
    ...setting(withRedis, flag, 'whether the Sentinels speak TLS'),
    shownDefault: 'as `REDIS_URL`',
  },
  REDIS_CLUSTER_NODES: setting(
    withRedis,
    hostsAndPorts,
    'nodes of a Redis Cluster, `host:port,host:port`',
  ),
  REDIS_KEY_PREFIX: setting(withRedis, keyPrefix, 'first part of every key', 'exrec'),
  REDIS_WAIT_REPLICAS: {
    ...setting(
      withRedis,
      integerBetween(0, 10),
      'replicas that must have a write before it is acknowledged; not reached: 503',
    ),
    shownDefault: '1 with Sentinel or Cluster, else 0',
  },
  REDIS_REPLICA_GRACE_SECONDS: setting(
    withRedis,
    positive,
    'a master without any replica refuses writes for so long, since it may have been replaced; after that it takes them, if it is still the one that Sentinel or Cluster name',
    15,
  ),
} as const;

function keyPrefix(value: string): string {
  if (!/^[A-Za-z0-9_.-]{1,64}$/.test(value))
    throw new Error('must be 1 to 64 of A-Z a-z 0-9 _ . -');
  return value;
}
