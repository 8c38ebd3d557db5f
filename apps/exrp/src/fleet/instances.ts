import { randomUUID } from 'node:crypto';
import { luaScript, type RedisClient } from '@exrec/service-kit';

const beatEveryMs = 1_000;
/**
 * Who has not been heard of for so long, while others have, is dead. Shorter than it takes until another instance can
 * get hold of a dead one's recordings (half of the lock of service-kit's queues): by then the death is known.
 */
export const deadAfterMs = 3_000;
const forgetMs = 24 * 3_600_000;

/**
 * One sign of life, by Redis' clock.
 * KEYS: instances (zset of ids by last beat). ARGV: id, dead after ms, forget after ms.
 * Returns how many others are alive.
 */
const beatScript = luaScript(`
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[3])
redis.call('ZADD', KEYS[1], now, ARGV[1])
return redis.call('ZCOUNT', KEYS[1], now - ARGV[2], '+inf') - 1
`);

/** Key of the instances' signs of life: for scripts that have to tell the dead from the living. */
export function instancesKey(prefix: string): string {
  return `${prefix}:exrp-instances`;
}

/**
 * For scripts: how many of the instances in `ids`, joined by commas, are dead. The latest sign of life of anybody is
 * the present: while Redis was away nobody could give one, and that is nobody's death.
 */
export const deadAmongFunction = `
local function deadAmong(instancesKey, ids, deadAfterMs)
  local latest = redis.call('ZREVRANGE', instancesKey, 0, 0, 'WITHSCORES')
  local since = tonumber(latest[2] or '0') - deadAfterMs
  local dead = 0
  for id in string.gmatch(ids, '[^,]+') do
    local beat = redis.call('ZSCORE', instancesKey, id)
    if not beat or tonumber(beat) < since then dead = dead + 1 end
  end
  return dead
end
`;

export type InstanceOptions = {
  readonly redis: RedisClient;
  /** `keyspace()` of the settings. */
  readonly prefix: string;
  /** Told once this instance has been heard of, when no other one was running. */
  readonly onFirst: () => void;
  /** Told when Redis answers again after it did not. */
  readonly onRedisBack: () => void;
};

/** One sign of life that does not get through is no outage. */
const missesUntilOutage = 2;

/** This process among the EXRPs of the fleet: it gives signs of life until it leaves. */
export class Instance {
  readonly id = randomUUID();
  readonly #options: InstanceOptions;
  #timer: NodeJS.Timeout | undefined;
  #isHeard = false;
  #misses = 0;

  constructor(options: InstanceOptions) {
    this.#options = options;
  }

  /** Redis may be away. */
  async join(): Promise<void> {
    this.#timer = setInterval(() => void this.#beat(), beatEveryMs);
    await this.#beat();
  }

  /** Its work is finished or released: what it no longer has cannot die with it. */
  async leave(): Promise<void> {
    clearInterval(this.#timer);
    const { redis, prefix } = this.#options;
    await redis.zrem(instancesKey(prefix), this.id).catch(() => undefined);
  }

  async #beat(): Promise<void> {
    const { redis, prefix, onFirst, onRedisBack } = this.#options;
    const args = [this.id, deadAfterMs, forgetMs];
    // The connection tells of its faults itself.
    const others = await beatScript(redis, [instancesKey(prefix)], args).catch(() => undefined);
    if (others === undefined) {
      this.#misses += 1;
      return;
    }
    if (this.#isHeard && this.#misses >= missesUntilOutage) onRedisBack();
    if (!this.#isHeard && others === 0) onFirst();
    [this.#isHeard, this.#misses] = [true, 0];
  }
}
