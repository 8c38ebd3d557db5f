import { luaScript, nowLua, type Logger, type Metrics, type RedisClient } from '@exrec/service-kit';
import beatLua from './lua/beat.lua';

/** Notes that the fleet is alive. */
const beatScript = luaScript(nowLua, beatLua);

export type HeartbeatOptions = {
  readonly redis: RedisClient;
  /** `keyspace()` of the settings */
  readonly prefix: string;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Redis has lost confirmed writes, or everything was off for a while: what is missing has to be found. */
  readonly onGap: () => void;
  readonly onError: (error: unknown) => void;
};

type Beat = {
  readonly count: number;
  /** By Redis' clock, epoch ms: this beat, and the first one after the last break. */
  readonly atMs: number;
  readonly sinceMs: number;
  /** This beat by the clock of this process that never jumps, ms. */
  readonly at: number;
};

const everyMs = 2_000;
/** A pause this long between two beats of the fleet means that all of it was off. */
const pauseMs = 60_000;
/** And this long, that what was sent to it meanwhile was refused. */
const breakMs = 10_000;

/**
 * A count that the fleet keeps in Redis, and when it was last raised. Tells when Redis comes back with an older state,
 * e.g. from an AOF that lost its tail, or after a failover to a replica that lagged (the count falls behind what was
 * confirmed before), and since when the fleet has been there to take what it is sent.
 */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  readonly #lost;
  #last: Beat | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
    this.#lost = options.metrics.counter(
      'exrec_redis_writes_lost_total',
      'times Redis came back without writes that it had confirmed',
    );
  }

  /** Beats at once, and every few seconds from then on. */
  start(): void {
    const turn = () => void this.beat().catch(this.#options.onError);
    turn();
    this.#timer = setInterval(turn, everyMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Errors of Redis reach the caller as they are. */
  async beat(): Promise<void> {
    const { redis, prefix } = this.#options;
    const reply = await beatScript(redis, [`${prefix}:beat`], [breakMs]);
    const [count, before, nowText, sinceText] = reply as [number, string, string, string]; // the script's documented reply
    const [atMs, last] = [Number(nowText), this.#last];
    this.#last = { count, atMs, sinceMs: Number(sinceText), at: performance.now() };
    if (last === undefined) this.#firstBeat(before, atMs);
    else if (count <= last.count) this.#writesLost(last, before);
  }

  /** For how long the fleet could take what it was sent, without a break; 0 while Redis confirms nothing. */
  takingForMs(): number {
    if (this.#last === undefined) return 0;
    const { atMs, sinceMs, at } = this.#last;
    const sinceBeatMs = performance.now() - at;
    return sinceBeatMs > breakMs ? 0 : atMs - sinceMs + sinceBeatMs;
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
