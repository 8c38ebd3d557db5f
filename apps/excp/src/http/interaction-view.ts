import { recordingIdOf } from '@exrec/gc-metadata';
import { conversationsView } from '../conversations/journal/journal-view.js';
import { conversationGap, flagsWithGap, lostLegs } from '../conversations/journal/lost-legs.js';
import { interactionOf, progressOf, type KeptInteraction } from '../call-log/kept-interaction.js';
import { decideSegment, type DecidedSegment, type DecisionFacts } from '../decision/decide.js';
import type { DeliveryRecord } from '../decision/delivery-record.js';
import { compareEvents, type Interaction } from '../interaction/index.js';
import { callsView, iso } from './calls-view.js';
import type {
  InteractionState,
  InteractionSummary,
  InteractionView,
  SegmentView,
} from './interaction-schema.js';

export function stateOf(kept: KeptInteraction): InteractionState {
  return kept.held === undefined ? progressOf(kept) : 'held';
}

/** An interaction in a list. */
export function interactionSummary(kept: KeptInteraction): InteractionSummary {
  const interaction = interactionOf(kept);
  return {
    interactionId: kept.stored.rootCallUUID,
    state: stateOf(kept),
    heldBy: kept.held ?? null,
    startedAt: iso(interaction.startedAtMs),
    endedAt: iso(kept.ended?.atMs),
    endedBy: kept.ended?.why ?? null,
    calls: interaction.calls.length,
    flags: flagsWithGap(interaction.flags, kept.stored),
    segments: interaction.segments.map(({ mediaId }) => ({
      mediaId,
      recordingId: recordingIdOf(mediaId),
      state: shownState(kept.dispatches.get(mediaId)),
    })),
  };
}

/** All that is known of an interaction, and why its segments went where they went (docs/design/CONTRACTS.md#25-reading-back). */
export function interactionView(
  kept: KeptInteraction,
  facts: DecisionFacts | undefined,
): InteractionView {
  const interaction = interactionOf(kept);
  const lost = lostLegs(kept.stored);
  const events = kept.entries.flatMap((entry) => (entry.kind === 'event' ? [entry.event] : []));
  return {
    interactionId: kept.stored.rootCallUUID,
    state: stateOf(kept),
    heldBy: kept.held ?? null,
    direction: interaction.direction,
    ani: interaction.ani ?? null,
    dnis: interaction.dnis ?? null,
    startedAt: iso(interaction.startedAtMs),
    lastSeenAt: iso(kept.lastSeenAtMs),
    endedAt: iso(kept.ended?.atMs),
    endedBy: kept.ended?.why ?? null,
    flags: flagsWithGap(interaction.flags, kept.stored),
    metadataPull: pullView(kept),
    ...callsView(interaction),
    participants: interaction.participants ?? null,
    userData: interaction.userData.map(({ atMs, ...change }) => ({ at: iso(atMs), ...change })),
    conversations: conversationsView(kept),
    segments: interaction.segments.map((segment) => {
      const record = kept.dispatches.get(segment.mediaId);
      const decided = facts && decideSegment(interaction, segment, facts);
      return segmentView(segment, decided, { record, lost });
    }),
    events: events
      .toSorted(compareEvents)
      .map(({ timeMs, event, ...rest }) => ({ time: iso(timeMs), event, ...rest })),
  };
}

/** What was decided when the segment was sent; before that, what would be decided now. */
function segmentView(
  segment: Interaction['segments'][number],
  decided: DecidedSegment | undefined,
  {
    record,
    lost,
  }: { readonly record: DeliveryRecord | undefined; readonly lost: ReadonlySet<string> },
): SegmentView {
  const told = record?.decision;
  const decision = told ?? decided?.decision;
  const attribution = decided?.attribution;
  return {
    mediaId: segment.mediaId,
    recordingId: recordingIdOf(segment.mediaId),
    source: segment.source,
    callUUID: segment.callUUID,
    startTime: iso(segment.startMs),
    stopTime: iso(segment.stopMs),
    durationMs: segment.durationMs,
    sizeBytes: segment.sizeBytes ?? null,
    recordedParty: attribution?.recordedParty ?? null,
    party:
      attribution === undefined
        ? null
        : {
            callUUID: attribution.callUUID,
            dn: attribution.dn,
            ordinal: attribution.ordinal,
            agentId: attribution.agentId ?? null,
            gcUserId: decision?.gcUserId ?? null,
            answeredAt: iso(attribution.answeredAtMs),
            basis: attribution.basis,
            ambiguous: attribution.ambiguous,
            candidates: attribution.candidates,
          },
    communicationId: attribution?.communicationId ?? null,
    flags: [
      ...(segment.flags ?? []),
      ...(lost.has(attribution?.communicationId ?? '') ? [conversationGap] : []),
    ],
    conversationId: attribution?.conversationId ?? null,
    queue: (told === undefined ? attribution?.queue : told.sta.queue?.name) ?? null,
    language: attribution?.language ?? null,
    scope: decision?.scope ?? null,
    sta: decision?.sta ?? null,
    dispatch: dispatchView(record),
  };
}

/** For an operator there is no difference between a segment that is being sent and one that will be. */
function shownState(record: DeliveryRecord | undefined): SegmentView['dispatch']['state'] {
  return record?.state === 'sending' ? 'queued' : (record?.state ?? 'collected');
}

function dispatchView(record: DeliveryRecord | undefined) {
  return {
    state: shownState(record),
    since: iso(record?.atMs),
    attempts: record?.attempts ?? 0,
    cause: record?.cause ?? null,
    detail: record?.detail ?? null,
    nextTryAt: iso(record?.nextTryAtMs),
  };
}

function pullView({ pull }: KeptInteraction) {
  if (pull === undefined) return null;
  const { state, attempts, cause, nextTryAtMs } = pull;
  return { state, attempts, cause: cause ?? null, nextTryAt: iso(nextTryAtMs) };
}
