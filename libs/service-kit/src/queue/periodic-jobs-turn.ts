import { randomUUID } from 'node:crypto';
import type { RedisClient } from '../redis/connect-redis.js';
import { luaScript } from '../redis/lua-script.js';
import nowLua from '../redis/lua/now.lua';
import takeLua from './lua/take.lua';
import renewLua from './lua/renew.lua';
import endLua from './lua/end.lua';

/** A dead instance's lock lapses after this. */
const lockMs = 8_000;
const renewMs = 2_000;

const takeScript = luaScript(nowLua, takeLua);

const renewScript = luaScript(renewLua);

const endScript = luaScript(nowLua, endLua);

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
