import type { RedisClient } from '@exrec/service-kit';
import { archiveDays, callLogKeys, type CallLogKeys } from './call-log-keys.js';

export type ListStep = {
  /** Root calls, or calls whose interaction has another root. */
  readonly callUUIDs: readonly string[];
  /** null: that was the end */
  readonly nextCursor: string | null;
};

export type InteractionListOptions = {
  readonly redis: RedisClient;
  /** `keyspace()` of the settings */
  readonly prefix: string;
  readonly keepMs: number;
  readonly now: () => number;
};

/** Shards of a day's archive, by the first two hex digits of a digest. */
const shards = 256;

/**
 * Steps through all calls: the live ones by the time they were first heard of, then the archive, day after day. There
 * is no index of the archive: it would take more memory than the archive itself (our choice).
 */
export class InteractionList {
  readonly #options: InteractionListOptions;
  readonly #keys: CallLogKeys;

  constructor(options: InteractionListOptions) {
    this.#options = options;
    this.#keys = callLogKeys(options.prefix);
  }

  /**
   * Some calls behind `cursor`, at most `limit`; maybe none although there are more.
   * @throws RangeError when the cursor was not made here
   */
  async step(cursor: string | undefined, limit: number): Promise<ListStep> {
    const [area, ...rest] = (cursor ?? 'live.0.').split('.');
    if (area === 'live') return this.#liveStep(rest, limit);
    if (area === 'kept') return this.#archiveStep(rest.map(Number), limit);
    throw new RangeError('not a cursor');
  }

  /**
   * All calls once, some at a time: those of the archive, then the live ones. What is archived meanwhile may be left
   * out; nothing comes twice but a call that is in the archive and live again, which its interaction tells.
   */
  async *all(): AsyncGenerator<{
    readonly area: 'archive' | 'live';
    readonly callUUIDs: readonly string[];
  }> {
    let cursor: string | null = `kept.${this.#newestDay()}.0.0.0`;
    while (cursor !== null) {
      const { callUUIDs, nextCursor }: ListStep = await this.step(cursor, pageStep);
      yield { area: 'archive', callUUIDs };
      cursor = nextCursor;
    }
    for (cursor = 'live.0.'; cursor?.startsWith('live.');) {
      const { callUUIDs, nextCursor }: ListStep = await this.step(cursor, pageStep);
      yield { area: 'live', callUUIDs };
      cursor = nextCursor;
    }
  }

  async #liveStep([score = '', ...id]: readonly string[], limit: number): Promise<ListStep> {
    if (!/^\d+$/.test(score)) throw new RangeError('not a cursor');
    const after = { score: Number(score), id: id.join('.') };
    const rows: { id: string; score: number }[] = [];
    for (let offset = 0; rows.length < limit; offset += pageStep) {
      const flat = await this.#options.redis.zrangebyscore(
        this.#keys.live,
        after.score,
        '+inf',
        'WITHSCORES',
        'LIMIT',
        offset,
        pageStep,
      );
      for (let i = 0; i + 1 < flat.length; i += 2) {
        const row = { id: flat[i] ?? '', score: Number(flat[i + 1]) };
        if (row.score > after.score || row.id > after.id) rows.push(row);
      }
      if (flat.length < pageStep * 2) break;
    }
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    const isEnd = last === undefined || rows.length < limit;
    return {
      callUUIDs: shown.map((row) => row.id),
      nextCursor: isEnd ? `kept.${this.#newestDay()}.0.0.0` : `live.${last.score}.${last.id}`,
    };
  }

  /** One look at one part of one day; `skip` entries of it were given before. */
  async #archiveStep(
    [day = NaN, shard = NaN, scan = NaN, skip = NaN]: readonly number[],
    limit: number,
  ): Promise<ListStep> {
    if (![day, shard, scan, skip].every((part) => Number.isSafeInteger(part) && part >= 0)) {
      throw new RangeError('not a cursor');
    }
    const key = `${this.#keys.archiveStem}${day}:${shard.toString(16).padStart(2, '0')}`;
    const [next, flat] = await this.#options.redis.hscanBuffer(key, scan, 'COUNT', 100);
    const roots: string[] = [];
    for (let i = 0; i + 1 < flat.length; i += 2) {
      // A text that begins with '^' points from a consult call to its root.
      if (flat[i + 1]?.[0] !== 0x5e) roots.push(String(flat[i]));
    }
    const callUUIDs = roots.slice(skip, skip + limit);
    if (roots.length > skip + limit) {
      return { callUUIDs, nextCursor: `kept.${day}.${shard}.${scan}.${skip + limit}` };
    }
    if (String(next) !== '0') {
      return { callUUIDs, nextCursor: `kept.${day}.${shard}.${String(next)}.0` };
    }
    return { callUUIDs, nextCursor: this.#partBehind(day, shard) };
  }

  #partBehind(day: number, shard: number): string | null {
    if (shard + 1 < shards) return `kept.${day}.${shard + 1}.0.0`;
    const { names } = archiveDays(this.#options.now(), this.#options.keepMs);
    return day - 1 >= Number(names.at(-1)) ? `kept.${day - 1}.0.0.0` : null;
  }

  #newestDay(): string {
    return archiveDays(this.#options.now(), this.#options.keepMs).names[0] ?? '0';
  }
}

const pageStep = 200;
