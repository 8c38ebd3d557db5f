import { hash } from 'node:crypto';
import type { RedisClient } from '@exrec/service-kit';
import type { SegmentMetadata } from '../interaction/index.js';

export type Awaited = { readonly id: string; readonly sinceMs: number; readonly tries: number };

/** What discovery remembers in Redis, beside the segments themselves: lost together, found again together. */
export class DiscoveryState {
  readonly #watermarkKey: string;
  readonly #deliveredKey: string;
  readonly #awaitedKey: string;
  readonly #failingKey: string;

  /** @param prefix `keyspace()` of the settings */
  constructor(
    private readonly redis: RedisClient,
    prefix: string,
  ) {
    this.#watermarkKey = `${prefix}:rws:watermark`;
    this.#deliveredKey = `${prefix}:rws:delivered`;
    this.#awaitedKey = `${prefix}:rws:awaited`;
    this.#failingKey = `${prefix}:rws:failing-since`;
  }

  /** Listed recordings that RWS could not give. */
  async awaited(): Promise<Awaited[]> {
    const all = Object.entries(await this.redis.hgetall(this.#awaitedKey));
    return all.map(([id, text]) => {
      const [sinceMs = 0, tries = 0] = text.split(' ').map(Number);
      return { id, sinceMs, tries };
    });
  }

  /** Has a recording asked for again at each look; one that is awaited already stays as it is. */
  async awaitRecording(id: string, sinceMs: number): Promise<void> {
    await this.redis.hsetnx(this.#awaitedKey, id, `${sinceMs} 0`);
  }

  async recordTry({ id, sinceMs, tries }: Awaited): Promise<void> {
    await this.redis.hset(this.#awaitedKey, id, `${sinceMs} ${tries + 1}`);
  }

  async awaitNoMore(id: string): Promise<void> {
    await this.redis.hdel(this.#awaitedKey, id);
  }

  /** Since when RWS fails at what it is searched for, epoch ms; this time, if it did not before. */
  async failingSinceMs(nowMs: number): Promise<number> {
    await this.redis.set(this.#failingKey, `${nowMs}`, 'NX');
    return Number((await this.redis.get(this.#failingKey)) ?? nowMs);
  }

  async failsNoMore(): Promise<void> {
    await this.redis.del(this.#failingKey);
  }

  /** Everything before it was delivered. The first one is kept at once, so that a failing first look loses no time. */
  async watermarkMs(firstMs: number): Promise<number> {
    await this.redis.set(this.#watermarkKey, `${firstMs}`, 'NX');
    const keptMs = Number(await this.redis.get(this.#watermarkKey));
    return Number.isSafeInteger(keptMs) && keptMs > 0 ? keptMs : firstMs;
  }

  async moveWatermark(toMs: number): Promise<void> {
    await this.redis.set(this.#watermarkKey, `${toMs}`);
  }

  /** Those that were not delivered just so before, each once. */
  async undelivered(segments: readonly SegmentMetadata[]): Promise<SegmentMetadata[]> {
    const once = new Map(segments.map((segment) => [digestOf(segment), segment]));
    const checked = await Promise.all(
      [...once].map(async ([digest, segment]) => ({
        segment,
        score: await this.redis.zscore(this.#deliveredKey, digest),
      })),
    );
    return checked.flatMap(({ segment, score }) => (score === null ? [segment] : []));
  }

  async recordDelivered(segments: readonly SegmentMetadata[]): Promise<void> {
    const entries = segments.flatMap((segment) => [segment.stopMs, digestOf(segment)]);
    if (entries.length > 0) await this.redis.zadd(this.#deliveredKey, ...entries);
  }

  /** Forgets what no further look will find. */
  async dropDeliveredBefore(timeMs: number): Promise<void> {
    await this.redis.zremrangebyscore(this.#deliveredKey, '-inf', `(${timeMs}`);
  }
}

/** A media file that changed, or whose recording did, has another one. */
function digestOf({ mediaId, raw, envelope }: SegmentMetadata): string {
  const text = JSON.stringify([mediaId, raw, envelope]);
  return hash('sha256', text, 'base64url').slice(0, 22);
}
