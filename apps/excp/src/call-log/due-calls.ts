import { luaScript, type RedisClient } from '@exrec/service-kit';
import { callLogKeys, type CallLogKeys } from './call-log-keys.js';
import takeLua from './lua/take.lua';
import postponeLua from './lua/postpone.lua';

export type DueCallsOptions = {
  readonly redis: RedisClient;
  /** `keyspace()` of the settings */
  readonly prefix: string;
  readonly now: () => number;
};

export type DueCall = {
  readonly callUUID: string;
  /** How often in a row it could not be looked at. */
  readonly failures: number;
};

/** A call whose instance dies while it looks at it is due again after this. */
const claimMs = 10_000;
const firstDelayMs = 1_000;
const longestDelayMs = 600_000;
/** Longer than the longest delay. */
const countsKeptSeconds = 3_600;

/** Takes calls that are due, the most overdue first, and has nobody else take them for a while. */
const takeScript = luaScript(takeLua);

/** Puts back a call that could not be looked at. The count of one that its root stands for meanwhile goes with time. */
const postponeScript = luaScript(postponeLua);

/**
 * The calls whose time to be looked at has come, shared by all instances: each takes some, so the work is done as fast
 * as there are instances, and what one of them leaves behind the others take (ADR 0003).
 */
export class DueCalls {
  readonly #options: DueCallsOptions;
  readonly #keys: CallLogKeys;

  constructor(options: DueCallsOptions) {
    this.#options = options;
    this.#keys = callLogKeys(options.prefix);
  }

  /** Calls for this instance alone, as long as it looks at them soon. */
  async take(limit: number): Promise<DueCall[]> {
    const nowMs = this.#options.now();
    const args = [nowMs, nowMs + claimMs, limit];
    const flat = (await takeScript(this.#options.redis, this.#pair, args)) as string[]; // as documented
    return flat.flatMap((callUUID, at) =>
      at % 2 === 0 ? [{ callUUID, failures: Number(flat[at + 1]) }] : [],
    );
  }

  /** Looks at a call a little later, because it changed while it was looked at. */
  async again(callUUID: string, afterMs: number): Promise<void> {
    const untilMs = this.#options.now() + afterMs;
    await this.#options.redis.zadd(this.#keys.due, 'XX', untilMs, callUUID);
  }

  /** Looks at a call later, because it could not be done: each time twice as late, so that it never holds up others. */
  async postpone({ callUUID, failures }: DueCall): Promise<void> {
    const delayMs = Math.min(firstDelayMs * 2 ** Math.min(failures, 20), longestDelayMs);
    const args = [callUUID, this.#options.now() + delayMs, countsKeptSeconds];
    await postponeScript(this.#options.redis, this.#pair, args);
  }

  /** A postponed call could be looked at. */
  async recovered(callUUID: string): Promise<void> {
    await this.#options.redis.hdel(this.#keys.postponed, callUUID);
  }

  /** When the most overdue call should have been looked at (epoch ms), and how many could not be, the last time. */
  async backlog(): Promise<{ oldestAtMs: number | undefined; postponed: number }> {
    const { redis } = this.#options;
    const [oldest, postponed] = await Promise.all([
      redis.zrange(this.#keys.due, '0', '0', 'WITHSCORES'),
      redis.hlen(this.#keys.postponed),
    ]);
    return { oldestAtMs: oldest[1] === undefined ? undefined : Number(oldest[1]), postponed };
  }

  get #pair(): string[] {
    return [this.#keys.due, this.#keys.postponed];
  }
}
