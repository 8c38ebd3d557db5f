import type { RedisClient } from '@exrec/service-kit';
import * as z from 'zod';

const passSchema = z.object({
  /** When it ended, epoch ms. */
  atMs: z.number(),
  listed: z.number(),
  deleted: z.number(),
  kept: z.number(),
  /** Open recordings whose audio goes within two hours if nothing changes. */
  lostSoon: z.number(),
  /** What is so wrong that nothing was deleted although something was due; a person has to look. */
  stopped: z.string().optional(),
});

/** What the last look of retention found. */
export type RetentionPass = z.infer<typeof passSchema>;

/** Keeps it in Redis: one instance looks, and every instance is asked for its metrics. */
export class LatestPass {
  readonly #redis: RedisClient;
  readonly #key: string;

  /** @param prefix `keyspace()` of the settings */
  constructor(redis: RedisClient, prefix: string) {
    this.#redis = redis;
    this.#key = `${prefix}:latest-retention`;
  }

  async keep(pass: RetentionPass): Promise<void> {
    await this.#redis.set(this.#key, JSON.stringify(pass));
  }

  async read(): Promise<RetentionPass | undefined> {
    const text = await this.#redis.get(this.#key);
    if (text === null) return undefined;
    try {
      return passSchema.parse(JSON.parse(text));
    } catch {
      // The next pass writes a good one.
      return undefined;
    }
  }
}
