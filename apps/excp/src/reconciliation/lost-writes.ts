import { luaScript, nowLua, type Logger, type Metrics, type RedisClient } from '@exrec/service-kit';
import beatLua from './lua/beat.lua';

/** Notes that the fleet is alive. */
const beatScript = luaScript(nowLua, beatLua);

export type LostWritesOptions = {
  readonly redis: RedisClient;
  /** `keyspace()` of the settings */
  readonly prefix: string;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Redis has lost confirmed writes, or everything was off for a while: what is missing has to be found. */
  readonly onGap: () => void;
};

type Beat = { readonly count: number; readonly atMs: number };

/** A pause this long between two beats of the fleet means that all of it was off. */
const pauseMs = 60_000;

/**
 * Finds out when Redis comes back with an older state, e.g. from an AOF that lost its tail, or after a failover to a
 * replica that lagged: a count that the fleet keeps in Redis falls behind what was confirmed before.
 */
export class LostWrites {
  readonly #options: LostWritesOptions;
  readonly #lost;
  #last: Beat | undefined;

  constructor(options: LostWritesOptions) {
    this.#options = options;
    this.#lost = options.metrics.counter(
      'exrec_redis_writes_lost_total',
      'times Redis came back without writes that it had confirmed',
    );
  }

  /** One beat; every few seconds, by every instance. Errors of Redis reach the caller as they are. */
  async beat(): Promise<void> {
    const { redis, prefix } = this.#options;
    const reply = await beatScript(redis, [`${prefix}:beat`], []);
    const [count, before, now] = reply as [number, string, string]; // the script's documented reply
    const last = this.#last;
    this.#last = { count, atMs: Number(now) };
    if (last === undefined) this.#firstBeat(before, Number(now));
    else if (count <= last.count) this.#writesLost(last, before);
  }

  #firstBeat(before: string, nowMs: number): void {
    const offMs = nowMs - Number(before);
    if (before === '' || offMs < pauseMs) return;
    const lastAt = new Date(Number(before)).toISOString();
    this.#options.logger.warn('redis.last-write', { lastAt, agoSeconds: Math.round(offMs / 1000) });
    this.#options.onGap();
  }

  #writesLost(last: Beat, before: string): void {
    const until = new Date(last.atMs).toISOString();
    const since = before === '' ? null : new Date(Number(before)).toISOString();
    this.#lost.inc();
    this.#options.logger.error('redis.writes-lost', { since, until });
    this.#options.onGap();
  }
}
