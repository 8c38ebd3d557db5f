import { randomUUID } from 'node:crypto';
import type { RedisClient } from '../redis/connect-redis.js';
import { luaScript } from '../redis/lua-script.js';

/** A dead instance's lock lapses after this. */
const lockMs = 8_000;
const renewMs = 2_000;

/**
 * KEYS[1] the lock, KEYS[2] when the next turn is due (ms of Redis' clock). ARGV: token, period, lifetime of the lock.
 * Returns 0 when the caller has the turn, else in how many ms to ask again. A time further ahead than a period comes
 * from another clock, or another period, and is ignored.
 */
const takeScript = luaScript(`
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local left = tonumber(redis.call('GET', KEYS[2]) or now) - now
if left > 0 and left <= tonumber(ARGV[2]) then return left end
local held = redis.call('PTTL', KEYS[1])
if held > 0 then return math.min(held, tonumber(ARGV[2])) end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[3])
return 0
`);

/** KEYS[1] the lock. ARGV: token, time to live in ms. Also takes back a lock that Redis has lost. */
const renewScript = luaScript(`
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
`);

/** KEYS as of the first. ARGV: token, ms until the next turn. The period counts from the begin of this one. */
const endScript = luaScript(`
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('SET', KEYS[2], string.format('%d', now + ARGV[2]))
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1
`);

export type Turn = { readonly redis: RedisClient; readonly stem: string; readonly everyMs: number };

/**
 * Does the work if a turn is due and no instance of the fleet is at it; its lock is renewed for as long as that takes.
 * The next turn is due only once this one has ended: one that was cut off by the death of its instance is made again.
 * @returns in how many ms to ask again
 * @throws when Redis can't be asked, or what the work throws
 */
export async function takeTurn(
  { redis, stem, everyMs }: Turn,
  work: () => Promise<void>,
): Promise<number> {
  const token = randomUUID();
  const keys = [`${stem}:lock`, `${stem}:due`];
  const periodMs = Math.max(1, Math.round(everyMs));
  const waitMs = Number(await takeScript(redis, keys, [token, periodMs, lockMs]));
  if (waitMs > 0) return waitMs;
  const begunAtMs = performance.now();
  const timer = setInterval(() => {
    renewScript(redis, keys.slice(0, 1), [token, lockMs]).catch(() => undefined);
  }, renewMs);
  try {
    await work();
  } finally {
    clearInterval(timer);
    const leftMs = Math.max(1, Math.round(periodMs - (performance.now() - begunAtMs)));
    // Without it the lock lapses by itself, and the turn is made again.
    await endScript(redis, keys, [token, leftMs]).catch(() => undefined);
  }
  return Math.max(1, periodMs - (performance.now() - begunAtMs));
}
