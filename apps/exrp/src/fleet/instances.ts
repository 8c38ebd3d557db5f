import { randomUUID } from 'node:crypto';
import { luaScript, nowLua, type RedisClient } from '@exrec/service-kit';
import beatLua from './lua/beat.lua';

const beatEveryMs = 1_000;
/**
 * Who has not been heard of for so long, while others have, is dead. Shorter than it takes until another instance can
 * get hold of a dead one's recordings (half of the lock of service-kit's queues): by then the death is known.
 */
export const deadAfterMs = 3_000;
const dropMs = 24 * 3_600_000;

/** One sign of life, by Redis' clock. */
const beatScript = luaScript(nowLua, beatLua);

/** Key of the instances' signs of life: for scripts that have to tell the dead from the living. */
export function instancesKey(prefix: string): string {
  return `${prefix}:exrp-instances`;
}

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
    const args = [this.id, deadAfterMs, dropMs];
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
