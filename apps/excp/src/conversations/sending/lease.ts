import { randomUUID } from 'node:crypto';
import { luaScript, type RedisClient } from '@exrec/service-kit';
import holdLua from './lua/hold.lua';
import releaseLua from './lua/release.lua';

/** A dead holder's lease lapses after this (docs/design/CONVERSATIONS.md#5-rate-and-batches). */
const leaseMs = 5_000;
const renewMs = 1_000;

const holdScript = luaScript(holdLua);

const releaseScript = luaScript(releaseLua);

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
