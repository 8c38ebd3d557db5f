import type { RedisClient } from '@exrec/service-kit';

/** Longest sample, in characters: what a site's interactions have in common fits into this. */
const maxChars = 8_192;
/** The sample outlives what was compressed with it, whatever the clocks say. */
const marginSeconds = 86_400;

/**
 * The first interaction that was archived on a day: whatever else is archived on that day is compressed with it as
 * a dictionary, since the interactions of one site share queues, hosts, keys and GC ids.
 */
export class DaySamples {
  readonly #redis: RedisClient;
  readonly #archiveStem: string;
  /** Only days that have one; it never changes while Redis keeps it. */
  readonly #known = new Map<string, string>();

  constructor(redis: RedisClient, archiveStem: string) {
    this.#redis = redis;
    this.#archiveStem = archiveStem;
  }

  /** The sample of a day; the empty text when there is none. */
  async of(day: string): Promise<string> {
    const known = this.#known.get(day);
    if (known !== undefined) return known;
    const sample = await this.#redis.get(this.#key(day));
    return sample === null ? '' : this.#remember(day, sample);
  }

  /**
   * The sample of a day; when it has none yet, `text` becomes it. What is compressed needs the sample that Redis holds,
   * and Redis may have lost the one that is known here.
   */
  async ofOrBegin(day: string, text: string, ttlSeconds: number): Promise<string> {
    const sample = this.#known.get(day) ?? text.slice(0, maxChars);
    const ttl = ttlSeconds + marginSeconds;
    const isBegun = (await this.#redis.set(this.#key(day), sample, 'EX', ttl, 'NX')) === 'OK';
    const held = isBegun ? sample : await this.#redis.get(this.#key(day));
    // Gone between the two.
    if (held === null) return this.ofOrBegin(day, text, ttlSeconds);
    return this.#remember(day, held);
  }

  #remember(day: string, sample: string): string {
    const oldest = this.#known.keys().next().value;
    if (this.#known.size >= 100 && oldest !== undefined) this.#known.delete(oldest);
    this.#known.set(day, sample);
    return sample;
  }

  #key(day: string): string {
    return `${this.#archiveStem}${day}:sample`;
  }
}
