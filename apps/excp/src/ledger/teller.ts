import { recordingIdOf } from '@exrec/gc-metadata';
import type { InteractionEntry, OutboxEntry, SegmentEntry } from '@exrec/service-kit';
import type { ChangeTeller, Told } from '../call-log/change-teller.js';
import {
  endOfRoot,
  interactionOf,
  readInteraction,
  type FieldWrite,
  type KeptInteraction,
  type StoredInteraction,
} from '../call-log/kept-interaction.js';
import { conversationGap, lostLegs } from '../conversations/journal/lost-legs.js';
import { decideSegment, type DecisionFacts, type SegmentDecision } from '../decision/decide.js';
import type { DeliveryRecord } from '../decision/delivery-record.js';
import type { StaConfiguration } from '../decision/sta-configuration.js';
import type { Interaction, LogEntry, SegmentMetadata } from '../interaction/index.js';
import type { Rules } from '../rules/rules.js';
import { programNameIn } from '../sta-config/index.js';
import { interactionEntry, noteOf, runningNote } from './interaction-entry.js';

export type TellerOptions = {
  /** What decisions go by now; undefined while there are no usable rules. */
  readonly facts: () => DecisionFacts | undefined;
  /** GC's name of a program. */
  readonly programName: (programId: string) => string | undefined;
};

/** The teller of a service with a ledger; what decisions go by is asked for when something is told. */
export function tellerOf(
  { EXREC_LEDGER: ledger }: { readonly EXREC_LEDGER: 'on' | 'off' },
  present: () => { readonly rules: Rules | undefined; readonly configuration: StaConfiguration },
): Teller | undefined {
  if (ledger === 'off') return undefined;
  return new Teller({
    facts: () => {
      const { rules, configuration } = present();
      return rules && { rules, configuration };
    },
    programName: (programId) =>
      programNameIn(present().configuration.snapshot(), programId) ?? undefined,
  });
}

/** Says what the ledger is told when something changes (docs/design/CONTRACTS.md#11-ledger (1)): always all that is known of the subject. */
export class Teller implements ChangeTeller {
  readonly #options: TellerOptions;

  constructor(options: TellerOptions) {
    this.#options = options;
  }

  /** A media file as it comes in: nothing else is known of its call in that moment. */
  collected(segment: SegmentMetadata): OutboxEntry {
    return { kind: 'segment', id: recordingIdOf(segment.mediaId), data: ofFile(segment) };
  }

  /** An interaction of which nothing was known, by the first that is heard of it; a consult call belongs to another one. */
  seen(entry: LogEntry): OutboxEntry[] {
    const { callUUID, callType, ani, dnis } = entry.kind === 'event' ? entry.event : entry.segment;
    if (callType === 'Consult') return [];
    const startMs = entry.kind === 'event' ? entry.event.timeMs : entry.segment.startMs;
    const data = withoutUndefined<InteractionEntry>({
      ...{ callUUIDs: [callUUID], state: 'open', startMs, ani, dnis },
      ...{ flags: [], agents: [], dns: [], queues: [], segments: entry.kind === 'segment' ? 1 : 0 },
    });
    return [{ kind: 'interaction', id: callUUID, data }];
  }

  /**
   * An interaction as it is after `writes`, when it is another one than the ledger was told of, and its segments whose
   * deliveries these are. One that is held is not known well enough.
   */
  changes(kept: KeptInteraction, writes: readonly FieldWrite[]): Told {
    const stored = storedAfter(kept, writes);
    const isRunning = endOfRoot(stored.calls[0]?.fields ?? {}) === undefined;
    const hasDeliveries = writes.some(({ field }) => field.startsWith('d:'));
    if (isRunning && !hasDeliveries && this.#stands(kept, stored)) return { entries: [] };
    const after = writes.length === 0 ? kept : readInteraction(stored);
    const segments = this.#delivered(after, writes);
    if (after.held !== undefined) return { entries: segments };
    const { note, entries } = this.#interaction(after);
    return note === kept.told
      ? { entries: segments }
      : { note, entries: [...entries, ...segments] };
  }

  /** Segments by what became of them. */
  delivered(kept: KeptInteraction, write: FieldWrite): OutboxEntry[] {
    return this.#delivered(readInteraction(storedAfter(kept, [write])), [write]);
  }

  /** The whole interaction with all its segments. */
  all(kept: KeptInteraction): Told {
    const { note, entries } = this.#interaction(kept);
    return { note, entries: [...entries, ...this.#segments(kept, () => true)] };
  }

  /** The interaction, and its segments where GC has refused the leg of one after they went to EXRP. */
  finished(kept: KeptInteraction): readonly OutboxEntry[] {
    return lostLegs(kept.stored).size > 0 ? this.all(kept).entries : this.changes(kept, []).entries;
  }

  /** Whether an interaction that goes on is as the ledger was told; read from its fields, since this is asked often. */
  #stands(kept: KeptInteraction, stored: StoredInteraction): boolean {
    return runningNote({ stored, ended: undefined }, interactionOf(kept).flags) === kept.told;
  }

  #interaction(kept: KeptInteraction): { note: string; entries: OutboxEntry[] } {
    const entry = interactionEntry(kept, interactionOf(kept));
    return { note: noteOf(entry.data), entries: [entry] };
  }

  #delivered(kept: KeptInteraction, writes: readonly FieldWrite[]): OutboxEntry[] {
    const mediaIds = new Set(
      writes.flatMap(({ field }) => (field.startsWith('d:') ? [field.slice(2)] : [])),
    );
    return mediaIds.size === 0 ? [] : this.#segments(kept, (mediaId) => mediaIds.has(mediaId));
  }

  #segments(kept: KeptInteraction, isWanted: (mediaId: string) => boolean): OutboxEntry[] {
    const interaction = interactionOf(kept);
    const facts = this.#options.facts();
    const lost = lostLegs(kept.stored);
    return interaction.segments
      .filter(({ mediaId }) => isWanted(mediaId))
      .map((segment) => ({
        kind: 'segment',
        id: recordingIdOf(segment.mediaId),
        data: this.#segment(interaction, segment, {
          record: kept.dispatches.get(segment.mediaId),
          facts,
          lost,
        }),
      }));
  }

  #segment(
    interaction: Interaction,
    segment: SegmentMetadata,
    { record, facts, lost }: SegmentFacts,
  ): SegmentEntry {
    const decided = facts && decideSegment(interaction, segment, facts);
    // What was sent is what counts, whatever would be decided now.
    const metadata = record?.request?.metadata ?? decided?.request.metadata;
    const base = { ...ofFile(segment), interactionId: interaction.rootCallUUID };
    const communicationId = metadata?.communicationId ?? '';
    const isSettledDecision = record?.decision !== undefined;
    return withoutUndefined({
      ...base,
      ...(metadata === undefined
        ? {}
        : {
            conversationId: metadata.conversationId,
            communicationId: metadata.communicationId,
            recordedParty: metadata.recordedParty,
            direction: metadata.direction,
            agentId: metadata.agent?.id ?? undefined,
            dn: metadata.agent?.dn ?? decided?.attribution.dn,
            queue: metadata.queue?.name,
            ani: metadata.ani ?? base.ani,
            dnis: metadata.dnis ?? base.dnis,
          }),
      ...(isSettledDecision ? this.#decision(record.decision) : {}),
      flags: [...interaction.flags, ...(lost.has(communicationId) ? [conversationGap] : [])],
      dispatch: record && deliveryOf(record),
    });
  }

  #decision(decision: SegmentDecision | undefined): Pick<SegmentEntry, 'scope' | 'sta'> {
    if (decision === undefined) return {};
    const { scope, sta } = decision;
    const trail = sta.trail.map((step) => ({ ...step }));
    return {
      scope: { inScope: scope.inScope, rule: scope.rule },
      sta: sta.requested
        ? { requested: true, ...this.#program(sta), trail }
        : { requested: false, reason: sta.reason, trail },
    };
  }

  #program({ programId, language }: { programId: string; language: string }) {
    const programName = this.#options.programName(programId);
    return { programId, language, ...(programName === undefined ? {} : { programName }) };
  }
}

type SegmentFacts = {
  readonly record: DeliveryRecord | undefined;
  readonly facts: DecisionFacts | undefined;
  /** The legs that GC has refused. */
  readonly lost: ReadonlySet<string>;
};

/** What Redis keeps of the interaction when the writes are made. */
function storedAfter(
  { stored }: Pick<KeptInteraction, 'stored'>,
  writes: readonly FieldWrite[],
): StoredInteraction {
  const calls = stored.calls.map((call) => {
    const own = writes.filter(({ callUUID }) => callUUID === call.callUUID);
    const removed = new Set(
      own.filter(({ value }) => value === undefined).map(({ field }) => field),
    );
    const fields = Object.fromEntries([
      ...Object.entries(call.fields).filter(([field]) => !removed.has(field)),
      ...own.flatMap(({ field, value }) => (value === undefined ? [] : [[field, value] as const])),
    ]);
    return { ...call, fields };
  });
  return { ...stored, calls };
}

function ofFile(segment: SegmentMetadata): SegmentEntry {
  return withoutUndefined({
    mediaId: segment.mediaId,
    interactionId: segment.callUUID,
    callUUID: segment.callUUID,
    startMs: segment.startMs,
    stopMs: segment.stopMs,
    durationMs: Math.round(segment.durationMs),
    sizeBytes: segment.sizeBytes,
    agentId: segment.agentId,
    dn: segment.recordDN,
    ani: segment.ani,
    dnis: segment.dnis,
  });
}

function deliveryOf(record: DeliveryRecord): NonNullable<SegmentEntry['dispatch']> {
  const { state, atMs, attempts, cause, detail, nextTryAtMs } = record;
  return withoutUndefined({ state, atMs, attempts, cause, detail, nextTryAtMs });
}

/** zod's optional fields are those that are not there. */
function withoutUndefined<T extends object>(value: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as T;
}
