import { communicationIdOf, conversationIdOf } from '@exrec/gc-metadata';
import { grouped } from '../feed/grouped.js';
import type { Interaction, Party, PresenceName } from '../interaction.js';
import { ownValue, textOf } from '../feed/json-value.js';
import { feedToleranceMs } from '../feed/feed-tolerance.js';
import { clockToleranceMs, longestOverlap, sharedMs, type Choice } from './overlap.js';
import { conversationRootOf } from '../contacts/pins.js';
import { queueDivertedTo } from '../contacts/queue-visits.js';
import type { SegmentMetadata } from '../feed/segment-metadata.js';
import { userDataValueAt } from '../user-data.js';

/** Where queue and language are found when there are no call events (docs/design/CONTRACTS.md#23-when-an-interaction-ends), and the language when there are. */
export interface KeyNames {
  /** `EXCP_QUEUE_PARAMETER` */
  readonly queueParameter: string;
  /** `sta_userdata_language_key`; undefined: no language is read. */
  readonly languageKey?: string | undefined;
}

/** On whose behalf a segment was recorded, and what the decisions about it need to know. */
export interface SegmentAttribution {
  readonly mediaId: string;
  readonly recordedParty: 'agent' | 'trunk';
  readonly agentId?: string | undefined;
  /** The call that the party was on; not always the one that the segment names. */
  readonly callUUID: string;
  readonly dn: string;
  readonly ordinal: number;
  /** When that presence began, as far as is known. */
  readonly startMs: number;
  readonly communicationId: string;
  /** The root call under whose conversation it belongs. */
  readonly conversationRoot: string;
  readonly conversationId: string;
  /** The origination queue; none for a direct call and for a trunk. */
  readonly queue?: string | undefined;
  /** The language of the user data as it stood when this agent answered; none for a trunk. */
  readonly language?: string | undefined;
  readonly answeredAtMs: number;
  /** What told the party: call events, RWS' event history, or nothing but the segment's own metadata. */
  readonly basis: 'call-events' | 'event-history' | 'metadata';
  /** The times fit several presences, or none; `candidates` are those it could have been. */
  readonly ambiguous: boolean;
  readonly candidates: readonly SegmentCandidate[];
}

export interface SegmentCandidate {
  readonly callUUID: string;
  readonly dn: string;
  readonly ordinal: number;
  readonly overlapMs: number;
}

/** Finds the party of each segment of the interaction. */
export function attributeSegments(interaction: Interaction, names: KeyNames): SegmentAttribution[] {
  return interaction.segments.map((segment) => attributeSegment(interaction, segment, names));
}

/**
 * Finds the party of one segment by `recordDN`, `agentId` and the longest overlap (docs/design/CONTRACTS.md#9-clarifications (11)). Those that match by DN
 * and agent go before those that match by one of them. An agent who is on two calls at a time has one there that
 * the segment names. One that was told to EXRP keeps the presence under whose ids it was told.
 */
export function attributeSegment(
  interaction: Interaction,
  segment: SegmentMetadata,
  names: KeyNames,
): SegmentAttribution {
  const told = interaction.told.get(segment.mediaId);
  const choice = told === undefined ? chooseParty(interaction, segment) : undefined;
  const party = told === undefined ? choice?.chosen : presenceOf(interaction, told);
  const dn = party?.dn ?? told?.dn ?? segment.recordDN ?? segment.agentId ?? 'trunk';
  const callUUID = party?.callUUID ?? told?.callUUID ?? segment.callUUID;
  const ordinal = party?.ordinal ?? told?.ordinal ?? 1;
  const conversationRoot = conversationRootOf(interaction, callUUID);
  const isTrunk = isTrunkSegment(interaction, segment, party);
  const answeredAtMs = answerOf(interaction, segment, party) ?? segment.startMs;
  const known = { interaction, segment, names, party, dn, answeredAtMs };
  return {
    mediaId: segment.mediaId,
    recordedParty: isTrunk ? 'trunk' : 'agent',
    agentId: isTrunk ? undefined : agentOf(segment, party, dn),
    callUUID,
    dn,
    ordinal,
    communicationId: communicationIdOf(callUUID, dn, ordinal),
    startMs: party?.addedAtMs ?? segment.startMs,
    conversationRoot,
    conversationId: conversationIdOf(conversationRoot),
    queue: isTrunk ? undefined : queueFor(known),
    language: isTrunk ? undefined : languageFor(known),
    answeredAtMs,
    basis:
      party === undefined
        ? 'metadata'
        : interaction.hasCallEvents
          ? 'call-events'
          : 'event-history',
    ambiguous: choice?.isAmbiguous ?? false,
    candidates: choice?.isAmbiguous === true ? candidatesOf(choice) : [],
  };
}

interface Known {
  readonly interaction: Interaction;
  readonly segment: SegmentMetadata;
  readonly names: KeyNames;
  readonly party: Party | undefined;
  readonly dn: string;
  readonly answeredAtMs: number;
}

function chooseParty(
  interaction: Interaction,
  segment: SegmentMetadata,
): Choice<Party> | undefined {
  const groups = groupByLikeness(interaction.parties, segment);
  const choices = groups.flatMap((group) => bestOf(group, segment) ?? []);
  // What shares time only if clocks differ gives way to a less likely one that does so as told.
  const choice = choices.find(({ ranked }) => (ranked[0]?.overlapMs ?? 0) > 0) ?? choices[0];
  if (choice !== undefined) return choice;
  // It is somebody we know, but at no time we know: the nearest presence, and we say that it is a guess.
  const nearest = groups
    .at(0)
    ?.toSorted((left, right) => gapMs(left, segment) - gapMs(right, segment))
    .at(0);
  if (nearest === undefined) return undefined;
  return { chosen: nearest, isAmbiguous: true, ranked: [{ candidate: nearest, overlapMs: 0 }] };
}

/** The longest overlap of all calls, unless the party was on the segment's own call at the same time, nearly as long. */
function bestOf(group: readonly Party[], segment: SegmentMetadata): Choice<Party> | undefined {
  const best = longestOverlap(segmentSpan(segment), group, partySpan);
  const own = longestOverlap(
    segmentSpan(segment),
    group.filter(({ callUUID }) => callUUID === segment.callUUID),
    partySpan,
  );
  const other = best?.ranked.find(({ candidate }) => candidate.callUUID !== segment.callUUID);
  const [ownBest] = own?.ranked ?? [];
  if (other === undefined || ownBest === undefined) return best;
  const isAsLong = ownBest.overlapMs > 0 && other.overlapMs - ownBest.overlapMs <= clockToleranceMs;
  const isAtOneTime =
    2 * sharedMs(partySpan(other.candidate), partySpan(ownBest.candidate)) > ownBest.overlapMs;
  return isAsLong && isAtOneTime ? own : best;
}

const segmentSpan = ({ startMs, stopMs }: SegmentMetadata) => ({ fromMs: startMs, toMs: stopMs });
const partySpan = ({ addedAtMs, goneAtMs = Infinity }: Party) => ({
  fromMs: addedAtMs,
  toMs: goneAtMs,
});

/** Parties that the segment may belong to, likeliest group first; empty groups are left out. */
function groupByLikeness(parties: readonly Party[], segment: SegmentMetadata): Party[][] {
  const groups = grouped(parties, (party) => likenessOf(party, segment));
  groups.delete(0);
  return [...groups].sort(([left], [right]) => right - left).map(([, group]) => group);
}

function likenessOf(party: Party, segment: SegmentMetadata): number {
  if (party.partyType === 'queue') return 0;
  if (segment.recordDN === undefined && segment.agentId === undefined) {
    return party.partyType === 'trunk' ? 1 : 0;
  }
  // `agentId` may hold the DN when no login is known (docs/reference/genesys-facts.md#22-field-catalogue-of-one-media-file).
  const isAgent =
    segment.agentId !== undefined &&
    (segment.agentId === party.agentId || segment.agentId === party.dn);
  return (party.dn === segment.recordDN ? 2 : 0) + (isAgent ? 1 : 0);
}

function gapMs(party: Party, segment: SegmentMetadata): number {
  return Math.max(party.addedAtMs - segment.stopMs, segment.startMs - (party.goneAtMs ?? Infinity));
}

function presenceOf(
  { parties }: Pick<Interaction, 'parties'>,
  { callUUID, dn, ordinal }: PresenceName,
): Party | undefined {
  return parties.find(
    (party) => party.callUUID === callUUID && party.dn === dn && party.ordinal === ordinal,
  );
}

/** docs/design/CONTRACTS.md#16-clarifications-of-the-second-round (3): a trunk's only when its party is known to be one, or nothing at all is known of it. */
function isTrunkSegment(
  { queueVisits, hasCallEvents }: Interaction,
  { agentId, recordDN }: SegmentMetadata,
  party: Party | undefined,
): boolean {
  if (party?.partyType === 'trunk') return true;
  if (agentId !== undefined) return false;
  // RWS' history tells agents from everybody else.
  if (party !== undefined) return !hasCallEvents && party.partyType === 'other';
  return recordDN === undefined || !queueVisits.some(({ divertedTo }) => divertedTo === recordDN);
}

/**
 * When the agent answered: on the consult call already when the file has both the consult and what followed its
 * transfer (docs/design/CONTRACTS.md#5-sta-rules (4), docs/design/CONTRACTS.md#9-clarifications (12)).
 */
function answerOf(
  { parties }: Pick<Interaction, 'parties'>,
  segment: SegmentMetadata,
  party: Party | undefined,
): number | undefined {
  const { establishedAtMs, continues } = party ?? {};
  const earlier = continues && presenceOf({ parties }, continues);
  const { goneAtMs = Infinity, establishedAtMs: earlierMs } = earlier ?? {};
  const isOver = goneAtMs <= (party?.addedAtMs ?? -Infinity) + feedToleranceMs;
  if (earlierMs === undefined || !isOver) return establishedAtMs;
  const hasBoth = segment.startMs <= Math.max(earlierMs, goneAtMs - feedToleranceMs);
  return hasBoth ? answerOf({ parties }, segment, earlier) : establishedAtMs;
}

/**
 * The login: the segment's, unless that is only the DN and the call events know better. Where no login is
 * known the DN stands in for it, as Genesys does it (docs/reference/genesys-facts.md#22-field-catalogue-of-one-media-file).
 */
function agentOf(segment: SegmentMetadata, party: Party | undefined, dn: string): string {
  if (segment.agentId !== undefined && segment.agentId !== party?.dn) return segment.agentId;
  return party?.agentId ?? segment.agentId ?? dn;
}

function queueFor({
  interaction,
  segment,
  names,
  party,
  dn,
  answeredAtMs,
}: Known): string | undefined {
  if (!interaction.hasCallEvents) return textOf(ownValue(segment.parameters, names.queueParameter));
  if (party !== undefined) return party.originationQueue;
  return queueDivertedTo(interaction.queueVisits, dn, answeredAtMs);
}

function languageFor({ interaction, segment, names, answeredAtMs }: Known): string | undefined {
  if (names.languageKey === undefined) return undefined;
  const attached = textOf(userDataValueAt(interaction, names.languageKey, answeredAtMs));
  if (attached !== undefined || interaction.hasCallEvents) return attached;
  return textOf(ownValue(segment.parameters, names.languageKey));
}

function candidatesOf(choice: Choice<Party>): SegmentAttribution['candidates'] {
  return choice.ranked.map(({ candidate: { callUUID, dn, ordinal }, overlapMs }) => ({
    callUUID,
    dn,
    ordinal,
    overlapMs,
  }));
}
