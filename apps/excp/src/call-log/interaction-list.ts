import type { RedisClient } from '@exrec/service-kit';
import { callLogKeys, finishedDays, type CallLogKeys } from './call-log-keys.js';

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

/** Steps through all calls: the live ones by the time they were first heard of, then what is finished, newest first. */
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
    if (area === 'kept') return this.#finishedStep(rest, limit);
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
    let cursor: string | null = `kept.${this.#newestDay()}.`;
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
      nextCursor: isEnd ? `kept.${this.#newestDay()}.` : `live.${last.score}.${last.id}`,
    };
  }

  /** Some of one day, from the end of its list, to which more may be added meanwhile; `left`: how many are not given yet. */
  async #finishedStep([day = '', left = '']: readonly string[], limit: number): Promise<ListStep> {
    if (!/^\d+$/.test(day) || !/^\d*$/.test(left)) throw new RangeError('not a cursor');
    const key = `${this.#keys.finishedStem}${day}`;
    const end = left === '' ? await this.#options.redis.llen(key) : Number(left);
    const start = Math.max(0, end - limit);
    const ids = end === 0 ? [] : await this.#options.redis.lrange(key, start, end - 1);
    if (start > 0) return { callUUIDs: ids.toReversed(), nextCursor: `kept.${day}.${start}` };
    return { callUUIDs: ids.toReversed(), nextCursor: this.#dayBefore(Number(day)) };
  }

  #dayBefore(day: number): string | null {
    const { names } = finishedDays(this.#options.now(), this.#options.keepMs);
    return day > Number(names.at(-1)) ? `kept.${day - 1}.` : null;
  }

  #newestDay(): string {
    return finishedDays(this.#options.now(), this.#options.keepMs).names[0] ?? '0';
  }
}

const pageStep = 200;
