import type { RedisClient } from '@exrec/service-kit';

/** For how long RWS wants to be left alone, by the whole fleet. */
export class RwsPause {
  readonly #key: string;

  /** @param prefix `keyspace()` of the settings */
  constructor(
    private readonly redis: RedisClient,
    prefix: string,
    private readonly now: () => number,
  ) {
    this.#key = `${prefix}:rws:pause`;
  }

  /** 0 when it may be asked. */
  async remainingMs(): Promise<number> {
    const untilMs = Number((await this.redis.get(this.#key)) ?? 0);
    return Math.max(0, untilMs - this.now());
  }

  /** A shorter one does not end a longer one. */
  async begin(durationMs: number): Promise<void> {
    if ((await this.remainingMs()) >= durationMs) return;
    await this.redis.set(this.#key, this.now() + durationMs, 'PX', Math.ceil(durationMs));
  }
}
