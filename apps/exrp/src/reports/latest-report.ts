import type { RedisClient } from '@exrec/service-kit';

/** What the fleet knows of the report that was read last. */
export type ReportRead = {
  readonly readAtMs: number;
  /** Recordings that GC has held for more than an hour because it lacks their conversation. */
  readonly heldOverAnHour: number;
};

/** Keeps it in Redis: one instance reads a report, and every instance is asked for its metrics. */
export class LatestReport {
  readonly #redis: RedisClient;
  readonly #key: string;

  /** @param prefix `keyspace()` of the settings */
  constructor(redis: RedisClient, prefix: string) {
    this.#redis = redis;
    this.#key = `${prefix}:latest-report`;
  }

  async keep({ readAtMs, heldOverAnHour }: ReportRead): Promise<void> {
    await this.#redis.hset(this.#key, { readAtMs, heldOverAnHour });
  }

  async read(): Promise<ReportRead | undefined> {
    const { readAtMs, heldOverAnHour } = await this.#redis.hgetall(this.#key);
    if (readAtMs === undefined || heldOverAnHour === undefined) return undefined;
    return { readAtMs: Number(readAtMs), heldOverAnHour: Number(heldOverAnHour) };
  }
}
