import {
  ledgerStreamKey,
  outboxArguments,
  rememberedPlace,
  rememberedWeeks,
  type LuaScript,
  type OutboxEntry,
  type RedisClient,
} from '@exrec/service-kit';
import { deliveryText, isSettled, type DeliveryRecord } from '../decision/delivery-record.js';
import { capRank, defaultMaxEvents, type LogEntry } from '../interaction/index.js';
import { appendScript } from './append-script.js';
import { writeArchive } from './archive-text.js';
import {
  archiveTtlSeconds,
  callLogKeys,
  finishedDays,
  seenKeepMs,
  type CallLogKeys,
} from './call-log-keys.js';
import { entryArguments, toldArguments, type ChangeTeller } from './change-teller.js';
import { eventText, segmentText } from './entry-text.js';
import { batched } from './batched.js';
import { archiveScript, commitScript, recordScript, tellScript } from './interaction-scripts.js';
import {
  deliveryWrite,
  readInteraction,
  type FieldWrite,
  type KeptInteraction,
  type StoredInteraction,
} from './kept-interaction.js';
import { loadStored, type LoadPlace } from './load-stored.js';
import { unknownToArchive } from './unknown-to-archive.js';
import { PackReader } from './packs/pack-reader.js';
import { packArguments } from './packs/pack-scripts.js';

export type CallLogOptions = {
  readonly redis: RedisClient;
  /** `keyspace()` of the settings */
  readonly prefix: string;
  readonly quietPeriodMs: number;
  readonly settleMs: number;
  readonly maxInteractionMs: number;
  /** How long finished interactions are listed; each is known for 14 days at least. */
  readonly keepMs: number;
  readonly now: () => number;
  /** How soon after an entry its conversation is planned; undefined: conversations are off. */
  readonly planInMs?: number | undefined;
  /** Most events of one interaction that are kept, those about attached data alone not counted. */
  readonly maxEvents?: number;
  /** With a ledger: what it is told, in the same step as the change itself. */
  readonly teller?: ChangeTeller | undefined;
};

/** `capped`: acknowledged, but the interaction has too many events already; `no-room`: it has too much metadata. */
export type AppendStatus = 'stored' | 'updated' | 'duplicate' | 'capped' | 'no-room';

export type Commit = {
  /** When to look at the interaction again; undefined: soon enough, if nobody else has said when. */
  readonly nextCheckAtMs?: number;
  readonly writes?: readonly FieldWrite[];
};

const statuses: Readonly<Record<string, AppendStatus>> = {
  1: 'stored',
  2: 'updated',
  0: 'duplicate',
  3: 'capped',
  [-1]: 'no-room',
};
/** The script's answer about an event whose interaction is in the archive. */
const isInArchive = 4;

/** Bounds of what one interaction may take up in Redis, whatever is sent about it. */
const maxEventBytes = 8 * 1024 * 1024;
const maxMetadataBytes = 32 * 1024 * 1024;
const furtherPartyEvents = 100;
const maxCallsOfInteraction = 200;
/** One script call stays short, so that Redis serves others in between. */
const appendChunk = 1_000;
/** Of several requests in one script call: with more, Redis waits until they are read, and they for Redis. */
const batchedEntries = 8;

/**
 * The logs of all calls in Redis (docs/design/DESIGN.md#decisions (2)) with the time at which each has to be looked at. Entries are
 * only added; what was decided is noted beside them. Errors of Redis reach the caller as they are.
 */
export class CallLog {
  readonly #options: CallLogOptions;
  readonly #keys: CallLogKeys;
  readonly #stream: readonly string[];
  readonly #place: LoadPlace;
  readonly #append = batched<LogEntry, AppendStatus>(
    (entries) => this.#appendChunk(entries),
    batchedEntries,
  );

  constructor(options: CallLogOptions) {
    this.#options = options;
    this.#keys = callLogKeys(options.prefix);
    this.#place = { ...options, keys: this.#keys, packs: new PackReader(options.redis) };
    this.#stream = options.teller === undefined ? [] : [ledgerStreamKey(options.prefix)];
  }

  /** Adds entries, each once. When it returns, Redis has them and the time to look at their calls. */
  async append(entries: readonly LogEntry[]): Promise<AppendStatus[]> {
    const results: AppendStatus[] = [];
    for (let start = 0; start < entries.length; start += appendChunk) {
      results.push(...(await this.#append(entries.slice(start, start + appendChunk))));
    }
    return results;
  }

  /** Never look at a call again of which nothing is kept. */
  async drop(callUUID: string): Promise<void> {
    await this.#options.redis.zrem(this.#keys.due, callUUID);
    await this.#options.redis.zrem(this.#keys.live, callUUID);
  }

  /** The interaction of a call; undefined when nothing is kept of it. */
  async load(callUUID: string): Promise<KeptInteraction | undefined> {
    const stored = await loadStored(this.#place, callUUID);
    return stored === undefined ? undefined : readInteraction(stored);
  }

  /** @returns false when the interaction has changed since it was loaded: nothing was written then */
  async commit(kept: KeptInteraction, commit: Commit): Promise<boolean> {
    const { nextCheckAtMs, writes = [] } = commit;
    const args = [
      ...this.#revisions(kept.stored),
      nextCheckAtMs === undefined ? '' : Math.ceil(nextCheckAtMs),
      this.#options.now(),
      writes.length,
      ...writes.flatMap(({ callUUID, field, value }) => [callUUID, field, value ?? '']),
      ...toldArguments(this.#options.teller?.changes(kept, writes)),
    ];
    const { due, undispatched, live, conversations } = this.#keys;
    const isPlanned = this.#options.planInMs !== undefined;
    const planned = isPlanned ? conversations : due;
    const keys = [due, undispatched, live, planned, ...this.#stream];
    return (await this.#run(commitScript, keys, args)) === 1;
  }

  /** Notes what became of one media file. What was sent stays sent. */
  async record(kept: KeptInteraction, mediaId: string, record: DeliveryRecord): Promise<void> {
    const write = deliveryWrite(kept, mediaId, record);
    const args = [
      `${this.#keys.callStem}${write.callUUID}`,
      mediaId,
      deliveryText(record),
      isSettled(record) ? 1 : 0,
      ...this.#told((teller) => teller.delivered(kept, write)),
    ];
    await this.#run(recordScript, [this.#keys.undispatched, ...this.#stream], args);
  }

  /**
   * Tells the ledger of the interaction as it stands.
   * @returns false when it has changed since it was loaded
   */
  async tell(kept: KeptInteraction): Promise<boolean> {
    const root = `${this.#keys.callStem}${kept.stored.rootCallUUID}`;
    const told = toldArguments(this.#options.teller?.all(kept));
    const args = [...this.#revisions(kept.stored), ...told];
    return (await this.#run(tellScript, [...this.#stream, root], args)) === 1;
  }

  /** Asks for the end of an interaction, now (docs/design/CONTRACTS.md#23-when-an-interaction-ends (3)). */
  async requestEnd(kept: KeptInteraction): Promise<boolean> {
    const writes = [{ callUUID: kept.stored.rootCallUUID, field: 'endRequested', value: '1' }];
    return this.commit(kept, { nextCheckAtMs: this.#options.now(), writes });
  }

  /** @returns false when the interaction has changed since it was loaded */
  async archive(kept: KeptInteraction): Promise<boolean> {
    const { now, keepMs } = this.#options;
    const { rootCallUUID, calls } = kept.stored;
    const { due, live, archiveStem, finishedStem, packStem } = this.#keys;
    const { names, newestTtlSeconds } = finishedDays(now(), keepMs);
    const linked = calls.filter(({ callUUID }) => callUUID !== rootCallUUID);
    const args = [
      ...this.#revisions(kept.stored),
      now(),
      archiveTtlSeconds(keepMs),
      newestTtlSeconds,
      ...packArguments(packStem, now(), keepMs),
      writeArchive(kept.stored),
      linked.length,
      ...linked.flatMap(({ callUUID, fields }) => [callUUID, fields.parent ?? rootCallUUID]),
      ...this.#told((teller) => teller.finished(kept)),
    ];
    const archive = [`${archiveStem}${rootCallUUID}`, `${finishedStem}${names[0] ?? ''}`];
    const keys = [due, live, ...archive, ...this.#stream];
    return (await this.#run(archiveScript, keys, args)) === 1;
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
    const codes = await this.#appendStep(entries, false);
    const statusOf = (code: number | undefined) => statuses[code ?? 0] ?? 'duplicate';
    if (!codes.includes(isInArchive)) return codes.map(statusOf);
    const late = entries.filter((_entry, index) => codes[index] === isInArchive);
    const unknown = new Set(await unknownToArchive(this.#place, late));
    const further = (await this.#appendStep([...unknown], true)).values();
    return entries.map((entry, index) => {
      if (codes[index] !== isInArchive) return statusOf(codes[index]);
      return unknown.has(entry) ? statusOf(further.next().value) : 'duplicate';
    });
  }

  /** @param isLate the archive has none of these events */
  async #appendStep(entries: readonly LogEntry[], isLate: boolean): Promise<number[]> {
    if (entries.length === 0) return [];
    const { now, keepMs, maxEvents = defaultMaxEvents, planInMs, teller } = this.#options;
    const nowMs = now();
    const { callStem, seenStem, archiveStem, packStem, due, live, conversations } = this.#keys;
    const weeks = rememberedWeeks(nowMs, seenKeepMs);
    const args: (string | number)[] = [
      callStem,
      seenStem,
      archiveStem,
      nowMs,
      weeks.names.join(','),
      weeks.newestTtlSeconds,
      maxEvents,
      maxEventBytes,
      maxMetadataBytes,
      furtherPartyEvents,
      maxCallsOfInteraction,
      planInMs === undefined ? '' : nowMs + planInMs,
      ...packArguments(packStem, nowMs, keepMs),
    ];
    for (const entry of entries)
      args.push(...this.#itemArguments(entry, nowMs, isLate), ...entryArguments(teller, entry));
    const keys = [due, live, conversations, ...this.#stream];
    return (await this.#run(appendScript, keys, args)) as number[]; // the script's documented reply
  }

  #itemArguments(entry: LogEntry, nowMs: number, isLate: boolean): ItemArguments {
    const { quietPeriodMs, settleMs, maxInteractionMs } = this.#options;
    if (entry.kind === 'event') {
      const { event } = entry;
      const { name, text } = eventText(event);
      const checkInMs = event.event === 'EventCallDeleted' ? settleMs : maxInteractionMs;
      const checkAtMs = Math.ceil(nowMs + checkInMs);
      const kind = isLate ? 'late-event' : 'event';
      const parent = event.parentCallUUID ?? '';
      return [kind, event.callUUID, name, text, checkAtMs, capRank(event), parent];
    }
    const { segment } = entry;
    const kind = `${segment.source}-segment`;
    const { bucket, digest } = rememberedPlace(segment.mediaId);
    const checkAtMs = Math.ceil(nowMs + quietPeriodMs);
    const { callUUID, mediaId } = segment;
    return [kind, callUUID, mediaId, segmentText(segment), checkAtMs, bucket, digest];
  }

  #revisions({ calls }: StoredInteraction): (string | number)[] {
    const pairs = calls.flatMap(({ callUUID, rev }) => [callUUID, rev]);
    return [this.#keys.callStem, calls.length, ...pairs];
  }

  #told(entries: (teller: ChangeTeller) => readonly OutboxEntry[]): string[] {
    const { teller } = this.#options;
    return teller === undefined ? [] : outboxArguments(entries(teller));
  }

  #run(script: LuaScript, keys: readonly string[], args: readonly (string | number | Buffer)[]) {
    return script(this.#options.redis, keys, args);
  }
}

/** One item of `appendScript`: kind, callUUID, name, value, when to look at its call, and two of its kind. */
type ItemArguments = readonly [
  kind: string,
  callUUID: string,
  name: string,
  value: string,
  checkAtMs: number,
  first: string | number,
  second: string,
];
