import { randomUUID } from 'node:crypto';
import { silentLogger, type Logger, type RedisClient } from '@exrec/service-kit';
import * as z from 'zod';
import {
  injectionStates,
  recordVersion,
  type Injection,
  type InjectionState,
} from '../states/injection.js';
import { LatestReport } from '../../reports/latest-report.js';
import { parseCursor } from './page-cursor.js';
import { pairFields, readRecord, writeFields } from './record-fields.js';
import { acceptScript, advanceScript, claimScript, moveFromScript } from './scripts.js';

export type NewInjection = Pick<
  Injection,
  | 'recordingId'
  | 'audioFile'
  | 'metadata'
  | 'expectedSizeBytes'
  | 'expectedDurationMs'
  | 'acceptedAtMs'
  | 'audioDeadlineAtMs'
>;

/** The right to move one recording on, until somebody else claims it. */
export type Claim = { readonly recordingId: string; readonly token: string };

export type ClaimResult =
  | {
      readonly kind: 'claimed';
      readonly claim: Claim;
      readonly injection: Injection;
      readonly unsettledAttempts: number;
      readonly wasUploading: boolean;
    }
  | { readonly kind: 'settled' | 'missing' }
  /** Workers died on it; nothing was claimed. It has to be claimed `alone`. */
  | { readonly kind: 'suspect' }
  | { readonly kind: 'newer-version'; readonly version: number };

export type Change = Partial<{ [K in keyof Injection]: Injection[K] | undefined }> & {
  readonly state: InjectionState;
};

export type InjectionStanding = Partial<Pick<Injection, 'state' | 'cause' | 'uploadedAtMs'>>;

export type Page = { readonly items: readonly Injection[]; readonly nextCursor: string | null };
export type PageQuery = {
  readonly states: readonly InjectionState[];
  readonly cause?: string;
  readonly limit: number;
  readonly cursor?: string;
};

export type InjectionStoreOptions = {
  readonly now?: () => number;
  readonly logger?: Pick<Logger, 'error'>;
};

/** Another worker has claimed the recording since: this one's findings no longer count. */
export class ClaimLost extends Error {
  constructor() {
    super('the recording was claimed by another worker');
    this.name = 'ClaimLost';
  }
}

/** The injections in Redis. Every change is one atomic script; errors of Redis reach the caller as they are. */
export class InjectionStore {
  readonly #redis: RedisClient;
  readonly #prefix: string;
  readonly #now: () => number;
  readonly #logger: Pick<Logger, 'error'>;
  /** Records that were found unreadable: each is told of once. */
  readonly #unreadable = new Set<string>();
  readonly latestReport: LatestReport;

  /** @param prefix `keyspace()` of the settings */
  constructor(redis: RedisClient, prefix: string, options: InjectionStoreOptions = {}) {
    this.#redis = redis;
    this.#prefix = prefix;
    this.#now = options.now ?? Date.now;
    this.#logger = options.logger ?? silentLogger;
    this.latestReport = new LatestReport(redis, prefix);
  }

  /** Creates the record; the same recording again changes nothing and gives its present state. */
  async accept(injection: NewInjection): Promise<{ isNew: boolean; state: InjectionState }> {
    const fields = { ...injection, version: recordVersion, updatedAtMs: injection.acceptedAtMs };
    const args = [injection.recordingId, ...writeFields(fields)];
    const reply = await acceptScript(this.#redis, this.#keys(injection.recordingId), args);
    const [isNew, state] = reply as [number, InjectionState?]; // the script's documented reply
    return { isNew: isNew === 1, state: state ?? 'queued' };
  }

  /**
   * Takes the recording for one attempt.
   * @param alone no other suspect is worked on in this process: only then a suspect is given out
   */
  async claim(recordingId: string, { alone = false } = {}): Promise<ClaimResult> {
    const token = randomUUID();
    const suspectFrom = alone ? Number.MAX_SAFE_INTEGER : deathsUntilSuspect;
    const args = [recordingId, token, recordVersion, this.#now(), suspectFrom];
    const reply = await claimScript(this.#redis, this.#keys(recordingId), args);
    const [kind, second = '', stateBefore, ...flat] = reply as string[]; // the script's documented reply
    if (kind === 'newer') return { kind: 'newer-version', version: Number(second) };
    if (kind === 'suspect') return { kind };
    if (kind !== 'claimed') return { kind: kind === 'settled' ? 'settled' : 'missing' };
    return {
      kind: 'claimed',
      claim: { recordingId, token },
      injection: readRecord(pairFields(flat)),
      unsettledAttempts: Number(second),
      wasUploading: stateBefore === 'uploading',
    };
  }

  /**
   * Moves a claimed recording on, still within its attempt.
   * @throws ClaimLost
   */
  async advance(claim: Claim, change: Change): Promise<void> {
    await this.#advance(claim, change, []);
  }

  /**
   * Ends the attempt of a claim with `change`.
   * @throws ClaimLost
   */
  async settle(claim: Claim, change: Change): Promise<void> {
    await this.#advance(claim, change, ['unsettled', '0', 'claim', '']);
  }

  /** Moves a recording on that nobody works on; false when it is in none of the states `from`. */
  async moveFrom(
    recordingId: string,
    from: readonly InjectionState[],
    change: Change,
  ): Promise<boolean> {
    const { state, cause = '', ...rest } = change;
    const fields = writeFields({ ...rest, updatedAtMs: this.#now() });
    const args = [recordingId, from.join(','), state, cause, ...fields, 'unsettled', '0'];
    return (await moveFromScript(this.#redis, this.#keys(recordingId), args)) === 1;
  }

  /** Removes a confirmed recording's record. */
  async forget(recordingId: string): Promise<void> {
    await this.#redis
      .multi()
      .del(this.#recordKey(recordingId))
      .zrem(this.#indexKey('confirmed'), recordingId)
      .exec();
  }

  async get(recordingId: string): Promise<Injection | undefined> {
    const fields = await this.#redis.hgetall(this.#recordKey(recordingId));
    return Object.keys(fields).length === 0 ? undefined : readRecord(fields);
  }

  async #getReadable(recordingId: string): Promise<Injection | undefined> {
    try {
      return await this.get(recordingId);
    } catch (error) {
      if (!(error instanceof z.ZodError || error instanceof SyntaxError)) throw error;
      // The error may quote what it could not read.
      if (!this.#unreadable.has(recordingId))
        this.#logger.error('recording.unreadable', { recordingId });
      this.#unreadable.add(recordingId);
      return undefined;
    }
  }

  /** State and cause of a recording, and when it was uploaded; nothing for one that was never accepted. */
  async standingOf(recordingId: string): Promise<InjectionStanding> {
    const fields = ['state', 'cause', 'uploadedAtMs'] as const;
    const [found, cause, uploadedAtMs] = await this.#redis.hmget(
      this.#recordKey(recordingId),
      ...fields,
    );
    const state = injectionStates.find((known) => known === found);
    return {
      ...(state === undefined ? {} : { state }),
      ...(typeof cause === 'string' ? { cause } : {}),
      ...(typeof uploadedAtMs === 'string' ? { uploadedAtMs: Number(uploadedAtMs) } : {}),
    };
  }

  /**
   * Injections by time of acceptance, state after state. A record that cannot be read is left out and told of:
   * it must not keep the others from being seen.
   */
  async page(query: PageQuery): Promise<Page> {
    const ids: { id: string; cursor: string }[] = [];
    const start = parseCursor(query.cursor);
    for (const [stateIndex, state] of query.states.entries()) {
      if (stateIndex < start.stateIndex || ids.length > query.limit) continue;
      const after = stateIndex === start.stateIndex ? start : { score: -Infinity, id: '' };
      const rows = await this.#idsAfter(
        this.#indexKey(state, query.cause),
        after,
        query.limit + 1 - ids.length,
      );
      ids.push(...rows.map(({ id, score }) => ({ id, cursor: `${stateIndex}.${score}.${id}` })));
    }
    const shown = ids.slice(0, query.limit);
    const items = await Promise.all(shown.map(({ id }) => this.#getReadable(id)));
    const isMore = ids.length > query.limit;
    return {
      items: items.filter((item) => item !== undefined),
      nextCursor: isMore ? (shown.at(-1)?.cursor ?? null) : null,
    };
  }

  /** Every injection that is in one of the states now, read in pages; it may be moved on meanwhile. */
  async *each(states: readonly InjectionState[], cause?: string): AsyncGenerator<Injection> {
    const filter = { states, limit: eachStep, ...(cause === undefined ? {} : { cause }) };
    let page = await this.page(filter);
    for (;;) {
      yield* page.items;
      if (page.nextCursor === null) return;
      page = await this.page({ ...filter, cursor: page.nextCursor });
    }
  }

  /** How many injections are in each state. */
  async countByState(): Promise<Readonly<Record<InjectionState, number>>> {
    const counts = await Promise.all(
      injectionStates.map(
        async (state) => [state, await this.#redis.zcard(this.#indexKey(state))] as const,
      ),
    );
    return Object.fromEntries(counts) as Record<InjectionState, number>;
  }

  /** How many injections of a state there are for each cause. */
  async countByCause(state: 'waiting' | 'failed'): Promise<Readonly<Record<string, number>>> {
    const causes = await this.#redis.smembers(`${this.#prefix}:injection-causes`);
    const counts = await Promise.all(
      causes.map(
        async (cause) => [cause, await this.#redis.zcard(this.#indexKey(state, cause))] as const,
      ),
    );
    return Object.fromEntries(counts.filter(([, count]) => count > 0));
  }

  async #advance(claim: Claim, change: Change, closing: readonly string[]): Promise<void> {
    const { state, cause = '', ...rest } = change;
    const fields = writeFields({ ...rest, updatedAtMs: this.#now() });
    const args = [claim.recordingId, claim.token, state, cause, ...fields, ...closing];
    const moved = await advanceScript(this.#redis, this.#keys(claim.recordingId), args);
    if (moved !== 1) throw new ClaimLost();
  }

  /** Entries of an index behind `after`; those of the same millisecond are told apart by id. */
  async #idsAfter(key: string, after: { score: number; id: string }, count: number) {
    const rows: { id: string; score: number }[] = [];
    const from = after.score === -Infinity ? '-inf' : after.score;
    for (let offset = 0; rows.length < count; offset += pageStep) {
      const flat = await this.#redis.zrangebyscore(
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

  #keys(recordingId: string): [string, string, string] {
    return [
      this.#recordKey(recordingId),
      `${this.#prefix}:injections-by:`,
      `${this.#prefix}:injection-causes`,
    ];
  }

  #recordKey(recordingId: string): string {
    return `${this.#prefix}:injection:${recordingId}`;
  }

  #indexKey(state: InjectionState, cause?: string): string {
    return `${this.#prefix}:injections-by:${state}${cause === undefined ? '' : `:${cause}`}`;
  }
}

const pageStep = 200;

/** Workers that died on a recording before it is worked on apart from its like. */
const deathsUntilSuspect = 2;
const eachStep = 500;
