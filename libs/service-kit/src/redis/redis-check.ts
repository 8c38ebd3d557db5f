import { isNativeError } from 'node:util/types';
import { Cluster, Command, type Redis } from 'ioredis';
import type { Check } from '../health/health.js';
import { replicaStandingOf, type RedisClient } from './connect-redis.js';
import { NotReplicated } from './replica-standing.js';
import { errorCode, faultWords } from './fault-words.js';

/** How long the key of the small write stays. */
const probeLifeMs = 60_000;

/**
 * Readiness of Redis: it takes a small write, and will not forget. In a Cluster the node is asked that holds our keys.
 * Down with the words of Redis when it is full, loading, a replica, lacks replicas or refuses us a right; down as a
 * Cluster's node that was taken for a single server, or with an evicting `maxmemory-policy`; degraded without AOF.
 * @param prefix `keyspace()` of the settings
 */
export function redisCheck(redis: RedisClient, prefix: string): Check {
  const probeKey = `${prefix}:ready`;
  let lastFault: string | undefined;
  const record = (error: unknown) => void (lastFault = faultWords(error) ?? lastFault);
  redis.on('error', record);
  redis.on('node error', record);
  redis.on('ready', () => (lastFault = undefined));
  return async () => {
    const node = redis instanceof Cluster ? ownerOf(redis, probeKey) : redis;
    // ioredis holds commands back until Redis has loaded its data; it would say nothing of the reason.
    if (node?.status === 'connect') throw new Error('Redis is reached but still loading its data');
    const [information, written] = await Promise.allSettled([
      (node ?? redis).info(),
      redis.set(probeKey, '1', 'PX', probeLifeMs),
    ]);
    if (information.status === 'rejected') throw refusal(information.reason, lastFault);
    const info = parseInfo(information.value);
    const fault = faultOf(info, redis instanceof Cluster);
    if (fault !== undefined) throw new Error(fault);
    if (written.status === 'rejected') throw refusal(written.reason, lastFault);
    if (info.aof_enabled === '0') {
      return {
        degraded: 'Redis runs without append-only file: a crash loses what was acknowledged',
      };
    }
    const remark = replicaStandingOf(redis)?.remark();
    return remark === undefined ? undefined : { degraded: remark };
  };
}

type Information = Readonly<Record<string, string | undefined>>;

function faultOf(info: Information, isCluster: boolean): string | undefined {
  if (info.loading === '1') return 'Redis is loading its data';
  if (info.redis_mode === 'cluster' && !isCluster)
    return 'Redis is part of a Cluster: REDIS_CLUSTER_NODES must name its nodes';
  if (info.role === 'slave') return 'Redis is a replica and cannot be written to';
  const { maxmemory_policy: policy = 'noeviction' } = info;
  return policy === 'noeviction'
    ? undefined
    : `Redis maxmemory-policy is ${policy}; it must be noeviction, or recordings are lost`;
}

function refusal(error: unknown, lastFault: string | undefined): Error {
  const isReply =
    isNativeError(error) && (error.name === 'ReplyError' || error instanceof NotReplicated);
  // A command only learns that there is no connection; why is known by the connection.
  const words = isReply ? faultWords(error) : (errorCode(error) ?? lastFault);
  const reason = words === undefined ? '' : ` (${words})`;
  const what = isReply ? 'Redis refuses a small write' : 'Redis does not answer';
  return new Error(`${what}${reason}`, { cause: error });
}

/** The node that holds the slot of a key, as far as the slots are known. */
function ownerOf(cluster: Cluster, key: string): Redis | undefined {
  const slot = new Command('get', [key]).getSlot();
  const [place] = cluster.slots[slot] ?? [];
  return cluster
    .nodes('master')
    .find(({ options: { host, port } }) => `${host ?? ''}:${port ?? ''}` === place);
}

function parseInfo(info: string): Information {
  const lines = info.split('\r\n').map((line) => line.split(':', 2));
  return Object.fromEntries(lines.map(([name = '', value]) => [name, value] as const));
}
