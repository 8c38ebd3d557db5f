import { communicationIdOf, conversationIdOf } from '@exrec/gc-metadata';
import type { Interaction, Party } from './interaction.js';
import { ownValue, textOf } from './json-value.js';
import { longestOverlap, type Choice } from './overlap.js';
import { originationQueueOf } from './queue-visits.js';
import type { SegmentMetadata } from './segment-metadata.js';
import { userDataValueAt } from './user-data.js';

/** Where queue and language are found when there are no call events (CONTRACTS 2.3), and the language when there are. */
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
  readonly communicationId: string;
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
 * Finds the party of one segment by `recordDN`, `agentId` and the longest overlap (CONTRACTS 9.11). Presences on
 * the segment's own call go before those on other calls of the interaction, those that match by DN and
 * agent before those that match by one of them.
 */
export function attributeSegment(
  interaction: Interaction,
  segment: SegmentMetadata,
  names: KeyNames,
): SegmentAttribution {
  const choice = chooseParty(interaction, segment);
  const party = choice?.chosen;
  const isTrunk = isTrunkSegment(interaction, segment, party);
  const dn = party?.dn ?? segment.recordDN ?? segment.agentId ?? 'trunk';
  const callUUID = party?.callUUID ?? segment.callUUID;
  const ordinal = party?.ordinal ?? 1;
  const answeredAtMs = party?.establishedAtMs ?? segment.startMs;
  const known = { interaction, segment, names, party, dn, answeredAtMs };
  return {
    mediaId: segment.mediaId,
    recordedParty: isTrunk ? 'trunk' : 'agent',
    agentId: isTrunk ? undefined : agentOf(segment, party, dn),
    callUUID,
    dn,
    ordinal,
    communicationId: communicationIdOf(callUUID, dn, ordinal),
    conversationId: conversationIdOf(interaction.rootCallUUID),
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
  const span = { fromMs: segment.startMs, toMs: segment.stopMs };
  const choices = groups.flatMap((group) => {
    const presences = group.map((party) => ({
      candidate: party,
      span: { fromMs: party.addedAtMs, toMs: party.goneAtMs ?? Infinity },
    }));
    return longestOverlap(span, presences) ?? [];
  });
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

/** Parties that the segment may belong to, likeliest group first; empty groups are left out. */
function groupByLikeness(parties: readonly Party[], segment: SegmentMetadata): Party[][] {
  const groups = new Map<number, Party[]>();
  for (const party of parties) {
    const likeness = likenessOf(party, segment);
    if (likeness === 0) continue;
    const rank = likeness + (party.callUUID === segment.callUUID ? 10 : 0);
    const group = groups.get(rank);
    if (group === undefined) groups.set(rank, [party]);
    else group.push(party);
  }
  return [...groups].sort(([left], [right]) => right - left).map(([, group]) => group);
}

function likenessOf(party: Party, segment: SegmentMetadata): number {
  if (party.partyType === 'queue') return 0;
  if (segment.recordDN === undefined && segment.agentId === undefined) {
    return party.partyType === 'trunk' ? 1 : 0;
  }
  // `agentId` may hold the DN when no login is known [F 2.2].
  const isAgent =
    segment.agentId !== undefined &&
    (segment.agentId === party.agentId || segment.agentId === party.dn);
  return (party.dn === segment.recordDN ? 2 : 0) + (isAgent ? 1 : 0);
}

function gapMs(party: Party, segment: SegmentMetadata): number {
  return Math.max(party.addedAtMs - segment.stopMs, segment.startMs - (party.goneAtMs ?? Infinity));
}

/**
 * CONTRACTS 9.11: without call events the segment alone decides. With them, one that matches no trunk and for
 * which nobody names an agent is a trunk's as well (our choice).
 */
function isTrunkSegment(
  interaction: Interaction,
  segment: SegmentMetadata,
  party: Party | undefined,
): boolean {
  if (!interaction.hasCallEvents) return segment.agentId === undefined;
  const isAgentParty = party?.partyType === 'agent' || party?.agentId !== undefined;
  if (party?.partyType === 'trunk') return true;
  return segment.agentId === undefined && !isAgentParty;
}

/**
 * The login: the segment's, unless that is only the DN and the call events know better. Where no login is
 * known the DN stands in for it, as Genesys does it [F 2.2].
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
  return originationQueueOf(interaction.queueVisits, { dn }, answeredAtMs);
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
