import { isNativeError } from 'node:util/types';
import {
  rememberedPlace,
  rememberedWeeks,
  silentLogger,
  type Logger,
  type RedisClient,
} from '@exrec/service-kit';

import * as z from 'zod';
import { injectionStates, type Injection, type InjectionState } from '../states/injection.js';
import { parseCursor } from './page-cursor.js';
import { readRecord } from './record-fields.js';

export type InjectionStanding = Partial<Pick<Injection, 'state' | 'cause' | 'uploadedAtMs'>>;

/** A record that is there and cannot be read: damaged, or of a later release. What is in it stays as it is. */
export type UnreadableInjection = {
  readonly recordingId: string;
  readonly isUnreadable: true;
  readonly state: InjectionState | undefined;
};

/** A confirmed recording that the ledger has: nothing else is kept of it here. */
export type SmallInjection = { readonly recordingId: string; readonly isSmall: true };
export type FoundInjection = Injection | UnreadableInjection | SmallInjection;

/** Confirmed recordings are known this long, so that a late request for one is still a duplicate. */
export const keepConfirmedMs = 14 * 24 * 3_600_000;

export type Page = {
  readonly items: readonly FoundInjection[];
  readonly nextCursor: string | null;
};
export type PageQuery = {
  readonly states: readonly InjectionState[];
  readonly cause?: string;
  readonly limit: number;
  readonly cursor?: string;
};

export type InjectionReaderOptions = {
  readonly now?: (() => number) | undefined;
  readonly logger?: Pick<Logger, 'error'> | undefined;
};

export function isReadable(found: FoundInjection): found is Injection {
  return !('isUnreadable' in found || 'isSmall' in found);
}

/** Reads the injections in Redis; errors of Redis reach the caller as they are. */
export class InjectionReader {
  protected readonly redis: RedisClient;
  protected readonly prefix: string;
  protected readonly now: () => number;
  readonly #logger: Pick<Logger, 'error'>;
  /** Records that were found unreadable: each is told of once. */
  readonly #unreadable = new Set<string>();

  /** @param prefix `keyspace()` of the settings */
  constructor(redis: RedisClient, prefix: string, options: InjectionReaderOptions = {}) {
    this.redis = redis;
    this.prefix = prefix;
    this.now = options.now ?? Date.now;
    this.#logger = options.logger ?? silentLogger;
  }

  /** The injection, or that it is small or cannot be read; `undefined` when it was never accepted. */
  async find(recordingId: string): Promise<FoundInjection | undefined> {
    try {
      const fields = await this.redis.hgetall(this.recordKey(recordingId));
      if (Object.keys(fields).length > 0) return readRecord(fields);
      return (await this.#isSmall(recordingId)) ? { recordingId, isSmall: true } : undefined;
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      this.tellUnreadable(recordingId);
      const { state } = await this.standingOf(recordingId);
      return { recordingId, isUnreadable: true, state };
    }
  }

  /** The injection; nothing for one that was never accepted or that cannot be read. */
  async get(recordingId: string): Promise<Injection | undefined> {
    const found = await this.find(recordingId);
    return found !== undefined && isReadable(found) ? found : undefined;
  }

  /** State and cause of a recording, and when it was uploaded; nothing for one that was never accepted. */
  async standingOf(recordingId: string): Promise<InjectionStanding> {
    const fields = ['state', 'cause', 'uploadedAtMs'] as const;
    const [found, cause, uploadedAtMs] = await this.redis
      .hmget(this.recordKey(recordingId), ...fields)
      .catch((error: unknown) => {
        if (isUnreadable(error)) return [];
        throw error;
      });
    const state = injectionStates.find((known) => known === found);
    if (state === undefined && (await this.#isSmall(recordingId))) return { state: 'confirmed' };
    return {
      ...(state === undefined ? {} : { state }),
      ...(typeof cause === 'string' ? { cause } : {}),
      ...(typeof uploadedAtMs === 'string' ? { uploadedAtMs: Number(uploadedAtMs) } : {}),
    };
  }

  /**
   * Injections by time of acceptance, state after state. One that cannot be read has its place among them:
   * it must not keep the others from being seen.
   */
  async page(query: PageQuery): Promise<Page> {
    const ids: { id: string; cursor: string }[] = [];
    const start = parseCursor(query.cursor);
    for (const [stateIndex, state] of query.states.entries()) {
      if (stateIndex < start.stateIndex || ids.length > query.limit) continue;
      const after = stateIndex === start.stateIndex ? start : { score: -Infinity, id: '' };
      const rows = await this.#idsAfter(
        this.indexKey(state, query.cause),
        after,
        query.limit + 1 - ids.length,
      );
      ids.push(...rows.map(({ id, score }) => ({ id, cursor: `${stateIndex}.${score}.${id}` })));
    }
    const shown = ids.slice(0, query.limit);
    const items = await Promise.all(shown.map(({ id }) => this.find(id)));
    const isMore = ids.length > query.limit;
    return {
      items: items.filter((item) => item !== undefined),
      nextCursor: isMore ? (shown.at(-1)?.cursor ?? null) : null,
    };
  }

  /** Every readable injection that is in one of the states now, read in pages; it may be moved on meanwhile. */
  async *each(states: readonly InjectionState[], cause?: string): AsyncGenerator<Injection> {
    const filter = { states, limit: eachStep, ...(cause === undefined ? {} : { cause }) };
    let page = await this.page(filter);
    for (;;) {
      yield* page.items.filter(isReadable);
      if (page.nextCursor === null) return;
      page = await this.page({ ...filter, cursor: page.nextCursor });
    }
  }

  /** Ids of the injections that are in this state now, by time of acceptance; some may be moved on meanwhile. */
  async *ids(state: InjectionState): AsyncGenerator<string> {
    let after = { score: -Infinity, id: '' };
    for (;;) {
      const rows = await this.#idsAfter(this.indexKey(state), after, eachStep);
      for (const { id } of rows) yield id;
      const last = rows.at(-1);
      if (last === undefined || rows.length < eachStep) return;
      after = last;
    }
  }

  /** When the injection that has been in one of the states for longest was accepted, epoch ms. */
  async oldestAcceptedAtMs(states: readonly InjectionState[]): Promise<number | undefined> {
    const firsts = await Promise.all(
      states.map((state) =>
        this.redis.zrangebyscore(this.indexKey(state), '-inf', '+inf', 'WITHSCORES', 'LIMIT', 0, 1),
      ),
    );
    const times = firsts.flatMap(([, score]) => (score === undefined ? [] : [Number(score)]));
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** How many injections are in each state. */
  async countByState(): Promise<Readonly<Record<InjectionState, number>>> {
    const counts = await Promise.all(
      injectionStates.map(
        async (state) => [state, await this.redis.zcard(this.indexKey(state))] as const,
      ),
    );
    return Object.fromEntries(counts) as Record<InjectionState, number>;
  }

  /** How many injections of a state there are for each cause. */
  async countByCause(state: 'waiting' | 'failed'): Promise<Readonly<Record<string, number>>> {
    const causes = await this.redis.smembers(`${this.prefix}:injection-causes`);
    const counts = await Promise.all(
      causes.map(
        async (cause) => [cause, await this.redis.zcard(this.indexKey(state, cause))] as const,
      ),
    );
    return Object.fromEntries(counts.filter(([, count]) => count > 0));
  }

  async #isSmall(recordingId: string): Promise<boolean> {
    const { digest, sets } = this.confirmedSets(recordingId);
    const found = await Promise.all(sets.map((set) => this.redis.sismember(set, digest)));
    return found.includes(1);
  }

  /** The sets that know a recording when it is small, the newest first, and how long that one lives. */
  protected confirmedSets(recordingId: string) {
    const { bucket, digest } = rememberedPlace(recordingId);
    const { names, newestTtlSeconds } = rememberedWeeks(this.now(), keepConfirmedMs);
    const sets = names.map((week) => `${this.prefix}:confirmed:${week}:${bucket}`);
    return { digest, sets, ttlSeconds: newestTtlSeconds };
  }

  /** The error is not told: it may quote what could not be read. */
  protected tellUnreadable(recordingId: string): void {
    if (!this.#unreadable.has(recordingId))
      this.#logger.error('recording.unreadable', { recordingId });
    this.#unreadable.add(recordingId);
  }

  protected recordKey(recordingId: string): string {
    return `${this.prefix}:injection:${recordingId}`;
  }

  protected indexKey(state: InjectionState, cause?: string): string {
    return `${this.prefix}:injections-by:${state}${cause === undefined ? '' : `:${cause}`}`;
  }

  /** Entries of an index behind `after`; those of the same millisecond are told apart by id. */
  async #idsAfter(key: string, after: { score: number; id: string }, count: number) {
    const rows: { id: string; score: number }[] = [];
    const from = after.score === -Infinity ? '-inf' : after.score;
    for (let offset = 0; rows.length < count; offset += pageStep) {
      const flat = await this.redis.zrangebyscore(
        key,
        from,
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
    return rows.slice(0, count);
  }
}

const pageStep = 200;
const eachStep = 500;

/** What reading a record throws when the record is the reason: not its schema, no JSON, no hash. */
export function isUnreadable(error: unknown): boolean {
  if (error instanceof z.ZodError || error instanceof SyntaxError) return true;
  return (
    isNativeError(error) && error.name === 'ReplyError' && error.message.startsWith('WRONGTYPE')
  );
}
