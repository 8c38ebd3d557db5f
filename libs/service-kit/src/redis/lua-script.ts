import { createHash } from 'node:crypto';
import type { RedisClient } from './connect-redis.js';

export type LuaScript = (
  redis: RedisClient,
  keys: readonly string[],
  args: readonly (string | number | Buffer)[],
) => Promise<unknown>;

/**
 * One atomic step on Redis: sent by its hash, and in full only to a server that does not know it yet.
 * At least one key is named, for that is how a Cluster finds the node; what a script reaches besides has to share
 * its hash tag, `keyspace()`.
 * @param parts Lua: functions that the script calls, and the script, from `.lua` files with their keys and arguments on top
 */
export function luaScript(...parts: readonly string[]): LuaScript {
  const source = parts.join('\n');
  const sha = createHash('sha1').update(source).digest('hex');
  return async (redis, keys, args) => {
    if (keys.length === 0) throw new TypeError('a script has to name a key');
    try {
      return await redis.evalsha(sha, keys.length, ...keys, ...args);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return redis.eval(source, keys.length, ...keys, ...args);
    }
  };
}
