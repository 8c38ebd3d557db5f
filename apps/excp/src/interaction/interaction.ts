import type { CallEvent, CallType, PartyState, PartyType } from './feed/call-event.js';
import type { JsonObject, JsonValue } from './feed/json-value.js';
import type { SegmentMetadata } from './feed/segment-metadata.js';

/** One entry of an interaction's log: whatever was received about any of its calls. */
export type LogEntry =
  | { readonly kind: 'event'; readonly event: CallEvent }
  | { readonly kind: 'segment'; readonly segment: SegmentMetadata };

export interface Call {
  readonly callUUID: string;
  /** `events`: heard of by call events; `parent`: only named as a parent; `segments`: only by recordings. */
  readonly knownBy: 'events' | 'parent' | 'segments';
  readonly parentCallUUID?: string | undefined;
  readonly callType?: CallType | undefined;
  readonly ani?: string | undefined;
  readonly dnis?: string | undefined;
  readonly startedAtMs?: number | undefined;
  readonly deletedAtMs?: number | undefined;
  /** The DN that released the call, as far as the feed tells. */
  readonly releasedBy?: string | undefined;
}

/** A stretch of time in one state; without `toMs` it still lasts, as far as is known. */
export interface PresenceInterval {
  readonly state: PartyState;
  readonly fromMs: number;
  readonly toMs?: number | undefined;
}

/** One presence of one DN on one call. A DN that leaves and comes back is two parties, ordinals 1 and 2. */
export interface Party {
  readonly callUUID: string;
  readonly dn: string;
  /** Number of this presence of the DN on the call, from 1. */
  readonly ordinal: number;
  readonly partyType: PartyType;
  readonly agentId?: string | undefined;
  readonly addedAtMs: number;
  /** The answer. */
  readonly establishedAtMs?: number | undefined;
  readonly goneAtMs?: number | undefined;
  /** The DN that released it, as far as the feed tells. */
  readonly releasedBy?: string | undefined;
  readonly intervals: readonly PresenceInterval[];
  /** The visit whose diversion brought the call to this presence; not always one of the same call. */
  readonly deliveredBy?: VisitName | undefined;
  /** The presence of the same DN that this one carries on, as after a consult transfer (docs/design/CONTRACTS.md#9-clarifications (12), docs/design/CONTRACTS.md#16-clarifications-of-the-second-round (2)). */
  readonly continues?: PresenceName | undefined;
  /** Of the visit that delivered this presence, or the one that it carries on. */
  readonly originationQueue?: string | undefined;
}

export type PresenceName = Pick<Party, 'callUUID' | 'dn' | 'ordinal'>;
export type VisitName = Pick<QueueVisit, 'callUUID' | 'queue' | 'number'>;

export interface QueueVisit {
  readonly callUUID: string;
  readonly queue: string;
  /** Number of this visit of the call to the queue, from 1. */
  readonly number: number;
  readonly enteredAtMs?: number | undefined;
  readonly leftAtMs?: number | undefined;
  readonly outcome: 'waiting' | 'diverted' | 'abandoned';
  /** The DN to which the call was diverted. */
  readonly divertedTo?: string | undefined;
}

/** Attached data that changed at this time; null deletes. */
export interface UserDataChange {
  readonly atMs: number;
  readonly callUUID: string;
  readonly changes: JsonObject;
}

export type Direction = 'inbound' | 'outbound' | 'internal';
/**
 * What was unusual: `event-cap`: events were left out, `call-cap`: a call is on its own because there are too many;
 * `several-roots`: a call names another parent than its link, or was told to GC under another conversation;
 * `parent-unknown`: nothing was heard of the call that a consult belongs to.
 */
export type InteractionFlag =
  'event-cap' | 'call-cap' | 'several-roots' | 'parent-unknown' | 'timed-out' | 'metadata-missing';

/** How the calls of an interaction belong together, as the call log has settled it. */
export interface Membership {
  readonly rootCallUUID: string;
  /** The parent of each linked call. */
  readonly parents: ReadonlyMap<string, string>;
}

/** A presence whose id was told to EXRP or GC: it never changes again (docs/design/DESIGN.md#decisions (10)). */
export interface Pin {
  readonly callUUID: string;
  readonly dn: string;
  readonly ordinal: number;
  /** When the presence began, as it was known when it was told. */
  readonly startMs: number;
  /** The root call under whose conversation it was told. */
  readonly rootCallUUID: string;
}

/** One customer contact: a root call plus the consult calls linked to it. */
export interface Interaction {
  readonly rootCallUUID: string;
  readonly direction: Direction;
  readonly ani?: string | undefined;
  readonly dnis?: string | undefined;
  readonly startedAtMs?: number | undefined;
  /** When the last call was deleted; absent while a call is open. */
  readonly endedAtMs?: number | undefined;
  readonly hasCallEvents: boolean;
  readonly calls: readonly Call[];
  /** Calls, heard of or named as a parent, that have had no `EventCallDeleted`. */
  readonly openCallUUIDs: readonly string[];
  readonly parties: readonly Party[];
  readonly queueVisits: readonly QueueVisit[];
  /** In the order of time. */
  readonly userData: readonly UserDataChange[];
  /** The newest list of participants that an `EventUserEvent` gave. */
  readonly participants?: JsonValue | undefined;
  readonly segments: readonly SegmentMetadata[];
  /** Ids that were told: those of `parties` go by them. */
  readonly pins: readonly Pin[];
  /** The presence under whose ids a segment was told, by media file. */
  readonly told: ReadonlyMap<string, PresenceName>;
  readonly eventCount: number;
  readonly flags: readonly InteractionFlag[];
}
