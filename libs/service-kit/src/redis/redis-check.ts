import { isNativeError } from 'node:util/types';
import { Cluster } from 'ioredis';
import type { Check } from '../health/health.js';
import type { RedisClient } from './connect-redis.js';

/**
 * Readiness of Redis: it answers, may be written to, and will not forget.
 * Down while loading, on a replica, or with an evicting `maxmemory-policy`; degraded without AOF.
 */
export function redisCheck(redis: RedisClient): Check {
  return async () => {
    const info = parseInfo(await askInfo(redis));
    if (info.loading === '1') throw new Error('Redis is loading its data');
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

async function askInfo(redis: RedisClient): Promise<string> {
  const client = redis instanceof Cluster ? redis.nodes('master')[0] : redis;
  if (client === undefined) throw new Error('no node of the Redis Cluster can be reached');
  try {
    return await client.info();
  } catch (error) {
    const known = isNativeError(error) && /^(LOADING|NOAUTH|WRONGPASS|NOPERM)/.test(error.message);
    throw new Error(known ? `Redis answers ${error.message}` : 'Redis does not answer', {
      cause: error,
    });
  }
}

function parseInfo(info: string): Readonly<Record<string, string | undefined>> {
  const lines = info.split('\r\n').map((line) => line.split(':', 2));
  return Object.fromEntries(lines.map(([name = '', value]) => [name, value] as const));
}
