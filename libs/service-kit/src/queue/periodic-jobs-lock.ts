import { randomUUID } from 'node:crypto';
import type { RedisClient } from '../redis/connect-redis.js';
import { luaScript } from '../redis/lua-script.js';

/** A dead instance's lock lapses after this. */
const lockMs = 8_000;
const renewMs = 2_000;

/** KEYS[1] the lock. ARGV: token, time to live in ms. Also takes back a lock that Redis has lost. */
const renewScript = luaScript(`
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
`);

/** KEYS[1] the lock. ARGV: token. */
const releaseScript = luaScript(`
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
`);

/**
 * Does the work unless some instance of the fleet is at it; the lock is renewed for as long as the work takes.
 * @returns false when another one is at it
 * @throws what the work throws, or when Redis can't be asked
 */
export async function doAlone(
  { redis, key }: { readonly redis: RedisClient; readonly key: string },
  work: () => Promise<void>,
): Promise<boolean> {
  const token = randomUUID();
  if ((await redis.set(key, token, 'PX', lockMs, 'NX')) === null) return false;
  const timer = setInterval(() => {
    renewScript(redis, [key], [token, lockMs]).catch(() => undefined);
  }, renewMs);
  try {
    await work();
  } finally {
    clearInterval(timer);
    // It lapses by itself.
    await releaseScript(redis, [key], [token]).catch(() => undefined);
  }
  return true;
}
