import { isNativeError } from 'node:util/types';
import { Cluster } from 'ioredis';
import type { Check } from '../health/health.js';
import type { RedisClient } from './connect-redis.js';

/**
 * Readiness of Redis: it answers, may be written to, and will not forget.
 * Down while loading, on a replica, on a Cluster's node that was taken for a single server, or with an evicting `maxmemory-policy`; degraded without AOF.
 */
export function redisCheck(redis: RedisClient): Check {
  let lastFault: string | undefined;
  redis.on('error', (error: unknown) => (lastFault = faultWord(error)));
  redis.on('ready', () => (lastFault = undefined));
  return async () => {
    const info = parseInfo(await askInfo(redis, () => lastFault));
    if (info.loading === '1') throw new Error('Redis is loading its data');
    if (info.redis_mode === 'cluster' && !(redis instanceof Cluster))
      throw new Error('Redis is part of a Cluster: REDIS_CLUSTER_NODES must name its nodes');
    if (info.role === 'slave') throw new Error('Redis is a replica and cannot be written to');
    const policy = info.maxmemory_policy;
    if (policy !== undefined && policy !== 'noeviction') {
      throw new Error(
        `Redis maxmemory-policy is ${policy}; it must be noeviction, or recordings are lost`,
      );
    }
    if (info.aof_enabled === '0') {
      return {
        degraded: 'Redis runs without append-only file: a crash loses what was acknowledged',
      };
    }
    return undefined;
  };
}

async function askInfo(redis: RedisClient, lastFault: () => string | undefined): Promise<string> {
  const client = redis instanceof Cluster ? redis.nodes('master')[0] : redis;
  if (client === undefined) throw new Error('no node of the Redis Cluster can be reached');
  // ioredis holds commands back until Redis has loaded its data; it would say nothing of the reason.
  if (client.status === 'connect') throw new Error('Redis is reached but still loading its data');
  try {
    return await client.info();
  } catch (error) {
    // A command only learns that there is no connection; why is known by the connection.
    const word = faultWord(error) ?? lastFault();
    const reason = word === undefined ? '' : ` (${word})`;
    throw new Error(`Redis does not answer${reason}`, { cause: error });
  }
}

/** A system's error code or the first word of Redis' refusal, e.g. `ECONNREFUSED`, `NOAUTH`. */
function faultWord(error: unknown): string | undefined {
  if (!isNativeError(error)) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return /^[A-Z]{4,}\b/.exec(error.message)?.[0];
}

function parseInfo(info: string): Readonly<Record<string, string | undefined>> {
  const lines = info.split('\r\n').map((line) => line.split(':', 2));
  return Object.fromEntries(lines.map(([name = '', value]) => [name, value] as const));
}
