import type { LuaScript, RedisClient } from '@exrec/service-kit';
import { dispatchText, isSettled, type DispatchRecord } from '../dispatch/dispatch-record.js';
import { capRank, defaultMaxEvents, type LogEntry } from '../interaction/index.js';
import { appendScript, type appendItemLength } from './append-script.js';
import { compress, decompress, readShortText, shortText } from './archive-text.js';
import {
  archiveDays,
  callLogKeys,
  seenPlace,
  seenWeeks,
  type CallLogKeys,
} from './call-log-keys.js';
import { DaySamples } from './day-samples.js';
import { eventText, segmentText } from './entry-text.js';
import { gathered } from './gathered.js';
import { archiveScript, commitScript, loadScript, noteScript } from './interaction-scripts.js';
import {
  readInteraction,
  type CallFields,
  type KeptInteraction,
  type StoredInteraction,
} from './kept-interaction.js';

export type CallLogOptions = {
  readonly redis: RedisClient;
  /** `keyspace()` of the settings */
  readonly prefix: string;
  readonly quietPeriodMs: number;
  readonly settleMs: number;
  readonly maxInteractionMs: number;
  /** How long finished interactions can be read. */
  readonly keepMs: number;
  readonly now: () => number;
  /** Most events of one call that are kept. */
  readonly maxEvents?: number;
};

/** `capped`: acknowledged, but the call has too many events already; `no-room`: the call has too much metadata. */
export type AppendStatus = 'stored' | 'updated' | 'duplicate' | 'capped' | 'no-room';

export type FieldWrite = {
  readonly callUUID: string;
  readonly field: string;
  /** undefined removes the field */
  readonly value: string | undefined;
};
export type Commit = {
  readonly nextLookAtMs: number;
  readonly writes?: readonly FieldWrite[];
  /** Media files that are on their way to EXRP from now on. */
  readonly sending?: readonly string[];
};

const statuses: Readonly<Record<string, AppendStatus>> = {
  1: 'stored',
  2: 'updated',
  0: 'duplicate',
  3: 'capped',
  [-1]: 'no-room',
};

/** Our choices: bounds of what one call may take up in Redis, whatever is sent about it. */
const maxEventBytes = 8 * 1024 * 1024;
const maxCallBytes = 32 * 1024 * 1024;
const furtherDearEvents = 100;
const maxCallsOfInteraction = 200;
/** More than that may come together over time: links to an archived interaction are counted anew. */
const maxCallsRead = 1_000;
/** One script call stays short, so that Redis serves others in between. */
const appendChunk = 1_000;
/** Of several requests in one script call. With more, Redis would wait until they are read, and they for Redis then. */
const gatheredEntries = 8;

/**
 * The logs of all calls in Redis (DESIGN decision 2) with the time at which each has to be looked at. Entries are
 * only added; what was decided is noted beside them. Errors of Redis reach the caller as they are.
 */
export class CallLog {
  readonly #options: CallLogOptions;
  readonly #keys: CallLogKeys;
  readonly #samples: DaySamples;
  readonly #appendStep = gathered<LogEntry, AppendStatus>(
    (entries) => this.#appendChunk(entries),
    gatheredEntries,
  );

  constructor(options: CallLogOptions) {
    this.#options = options;
    this.#keys = callLogKeys(options.prefix);
    this.#samples = new DaySamples(options.redis, this.#keys.archiveStem);
  }

  /** Adds entries, each once. When it returns, Redis has them and the time to look at their calls. */
  async append(entries: readonly LogEntry[]): Promise<AppendStatus[]> {
    const results: AppendStatus[] = [];
    for (let start = 0; start < entries.length; start += appendChunk) {
      results.push(...(await this.#appendStep(entries.slice(start, start + appendChunk))));
    }
    return results;
  }

  /** Calls whose time to be looked at has come, the most overdue first. */
  async due(limit: number): Promise<string[]> {
    return this.#options.redis.zrangebyscore(
      this.#keys.due,
      '-inf',
      this.#options.now(),
      'LIMIT',
      0,
      limit,
    );
  }

  /** Looks at a call later, because this time it couldn't be done. */
  async postpone(callUUID: string, untilMs: number): Promise<void> {
    await this.#options.redis.zadd(this.#keys.due, 'XX', untilMs, callUUID);
  }

  /** Never look at a call again of which nothing is kept. */
  async forget(callUUID: string): Promise<void> {
    await this.#options.redis.zrem(this.#keys.due, callUUID);
    await this.#options.redis.zrem(this.#keys.live, callUUID);
  }

  /** The interaction of a call; undefined when nothing is kept of it. */
  async load(callUUID: string): Promise<KeptInteraction | undefined> {
    const stored = await this.#loadStored(callUUID);
    return stored === undefined ? undefined : readInteraction(stored);
  }

  /** @returns false when the interaction has changed since it was loaded: nothing was written then */
  async commit(kept: KeptInteraction, commit: Commit): Promise<boolean> {
    const { sending = [], writes = [] } = commit;
    const args = [
      ...this.#revisions(kept.stored),
      Math.ceil(commit.nextLookAtMs),
      this.#options.now(),
      sending.length,
      ...sending,
      ...writes.flatMap(({ callUUID, field, value }) => [callUUID, field, value ?? '']),
    ];
    const { due, undispatched, live } = this.#keys;
    return (await this.#run(commitScript, [due, undispatched, live], args)) === 1;
  }

  /** Notes what became of one media file. What was sent stays sent. */
  async note(callUUID: string, mediaId: string, record: DispatchRecord): Promise<void> {
    const args = [
      `${this.#keys.callStem}${callUUID}`,
      mediaId,
      dispatchText(record),
      isSettled(record) ? 1 : 0,
    ];
    await this.#run(noteScript, [this.#keys.undispatched], args);
  }

  /** Asks for the end of an interaction, now (CONTRACTS 2.3.3). */
  async requestEnd(kept: KeptInteraction): Promise<boolean> {
    const callUUID = kept.stored.rootCallUUID;
    const writes = [{ callUUID, field: 'endRequested', value: '1' }];
    return this.commit(kept, { nextLookAtMs: this.#options.now(), writes });
  }

  /** @returns false when the interaction has changed since it was loaded */
  async archive(kept: KeptInteraction): Promise<boolean> {
    const { stored } = kept;
    const { names, newestTtlSeconds } = archiveDays(this.#options.now(), this.#options.keepMs);
    const [day = ''] = names;
    const text = shortText(stored.calls);
    const sample = await this.#samples.ofOrBegin(day, text, newestTtlSeconds);
    const args = [
      ...this.#revisions(stored),
      `${this.#keys.archiveStem}${day}:`,
      newestTtlSeconds,
      stored.archiveKey ?? '',
      compress(text, sample),
      ...stored.calls.map(({ callUUID }) => callUUID).filter((id) => id !== stored.rootCallUUID),
    ];
    return (await this.#run(archiveScript, [this.#keys.due, this.#keys.live], args)) === 1;
  }

  /** How many calls are not archived, and since when the oldest media file is on its way (epoch ms). */
  async backlog(): Promise<{
    liveCalls: number;
    undispatched: number;
    oldestAtMs: number | undefined;
  }> {
    const { redis } = this.#options;
    const [liveCalls, undispatched, oldest] = await Promise.all([
      redis.zcard(this.#keys.live),
      redis.zcard(this.#keys.undispatched),
      redis.zrange(this.#keys.undispatched, '0', '0', 'WITHSCORES'),
    ]);
    const oldestAtMs = oldest[1] === undefined ? undefined : Number(oldest[1]);
    return { liveCalls, undispatched, oldestAtMs };
  }

  async #appendChunk(entries: readonly LogEntry[]): Promise<AppendStatus[]> {
    const { keepMs, now, maxEvents = defaultMaxEvents } = this.#options;
    const nowMs = now();
    const { callStem, seenStem, archiveStem, due, live } = this.#keys;
    const weeks = seenWeeks(nowMs);
    const args: (string | number)[] = [
      callStem,
      seenStem,
      archiveStem,
      nowMs,
      weeks.names.join(','),
      weeks.newestTtlSeconds,
      archiveDays(nowMs, keepMs).names.join(','),
      maxEvents,
      maxEventBytes,
      maxCallBytes,
      furtherDearEvents,
      maxCallsOfInteraction,
    ];
    for (const entry of entries) args.push(...this.#appendItem(entry, nowMs));
    const reply = await this.#run(appendScript, [due, live], args);
    return (reply as number[]).map((code) => statuses[code] ?? 'duplicate'); // the script's documented reply
  }

  #appendItem(entry: LogEntry, nowMs: number): AppendItem {
    const { quietPeriodMs, settleMs, maxInteractionMs } = this.#options;
    if (entry.kind === 'event') {
      const { event } = entry;
      const { name, text } = eventText(event);
      const lookInMs = event.event === 'EventCallDeleted' ? settleMs : maxInteractionMs;
      const lookAtMs = Math.ceil(nowMs + lookInMs);
      const parent = event.parentCallUUID ?? '';
      return ['event', event.callUUID, name, text, lookAtMs, capRank(event), parent];
    }
    const { segment } = entry;
    const kind = `${segment.source}-segment`;
    const { bucket, digest } = seenPlace(segment.mediaId);
    const lookAtMs = Math.ceil(nowMs + quietPeriodMs);
    const text = segmentText(segment);
    return [kind, segment.callUUID, segment.mediaId, text, lookAtMs, bucket, digest];
  }

  /** @param further calls that the archive has named: what came for them since then is read as well */
  async #loadStored(
    callUUID: string,
    further: readonly string[] = [],
  ): Promise<StoredInteraction | undefined> {
    const { callStem, archiveStem } = this.#keys;
    const days = archiveDays(this.#options.now(), this.#options.keepMs).names.join(',');
    const args = [callStem, archiveStem, days, callUUID, maxCallsRead, ...further];
    const reply = await this.#run(loadScript, [], args);
    const [rootCallUUID, ...rows] = reply as [string, ...string[][]]; // the script's documented reply
    const live = new Map<string, CallFields>();
    const archived = new Map<string, CallFields>();
    let archiveKey: string | undefined;
    for (const [id = '', key = '', ...flat] of rows) {
      live.set(id, pairFields(flat));
      if (key === '') continue;
      if (id === rootCallUUID) archiveKey = key;
      const text = await this.#options.redis.hgetBuffer(key, id);
      // Moved to another day, or gone, between the two reads.
      if (text === null) return this.#loadStored(callUUID);
      const sample = await this.#samples.of(key.slice(archiveStem.length).split(':')[0] ?? '');
      const content = readShortText(decompress(text, sample));
      for (const [call, fields] of content) archived.set(call, fields);
    }
    const known = new Set(further);
    const unread = [...archived.keys()].filter((id) => !live.has(id) && !known.has(id));
    // No link leads to them any more, but something may have come for them, or for a new call below them.
    if (unread.length > 0) return this.#loadStored(callUUID, [...further, ...unread]);
    const ids = [...new Set([rootCallUUID, ...live.keys(), ...archived.keys()])];
    const calls = ids.map((id) => ({
      callUUID: id,
      rev: live.get(id)?.rev ?? '0',
      fields: { ...archived.get(id), ...live.get(id) },
    }));
    const isKnown = calls.some(({ fields }) => Object.keys(fields).length > 0);
    return isKnown ? { rootCallUUID, calls, archiveKey } : undefined;
  }

  #revisions({ calls }: StoredInteraction): (string | number)[] {
    const pairs = calls.flatMap(({ callUUID, rev }) => [callUUID, rev]);
    return [this.#keys.callStem, calls.length, ...pairs];
  }

  #run(script: LuaScript, keys: readonly string[], args: readonly (string | number | Buffer)[]) {
    return script(this.#options.redis, keys, args);
  }
}

/** One item of `appendScript`. */
type AppendItem = readonly (string | number)[] & { readonly length: typeof appendItemLength };

/** Pairs a flat Redis reply: field, value, field, value, … */
function pairFields(flat: readonly string[]): CallFields {
  const fields: Record<string, string> = {};
  for (let i = 0; i + 1 < flat.length; i += 2) fields[flat[i] ?? ''] = flat[i + 1] ?? '';
  return fields;
}
