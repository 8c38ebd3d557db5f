import { randomUUID } from 'node:crypto';
import { luaScript, type RedisClient } from '@exrec/service-kit';

/** A dead holder's lease lapses after this (docs/design/CONVERSATIONS.md#5-rate-and-batches). */
const leaseMs = 5_000;
const renewMs = 1_000;

/** KEYS[1] the lease. ARGV: holder, time to live in ms. Returns 1 for its holder. */
const holdScript = luaScript(`
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
`);

/** KEYS[1] the lease. ARGV: holder. */
const releaseScript = luaScript(`
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
`);

/** One instance of the fleet has it for as long as it lives. */
export class Lease {
  readonly #redis: RedisClient;
  readonly #key: string;
  readonly #holder = randomUUID();
  #timer: NodeJS.Timeout | undefined;
  #heldUntilMs = 0;

  constructor(redis: RedisClient, key: string) {
    this.#redis = redis;
    this.#key = key;
  }

  /** By our own reckoning: less than the lease lives since it was last confirmed. */
  get isHeld(): boolean {
    return performance.now() < this.#heldUntilMs;
  }

  /** Tries to get it, and to keep it, until `stop`. */
  start(): void {
    const turn = () => {
      void this.#hold().finally(() => {
        if (this.#timer !== undefined) this.#timer = setTimeout(turn, renewMs);
      });
    };
    this.#timer = setTimeout(turn, 0);
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#heldUntilMs = 0;
    await releaseScript(this.#redis, [this.#key], [this.#holder]).catch(() => undefined);
  }

  async #hold(): Promise<void> {
    const askedAtMs = performance.now();
    try {
      const isHeld = await holdScript(this.#redis, [this.#key], [this.#holder, leaseMs]);
      this.#heldUntilMs = isHeld === 1 ? askedAtMs + leaseMs - renewMs : 0;
    } catch {
      // Redis is away: the lease lapses by itself.
    }
  }
}
