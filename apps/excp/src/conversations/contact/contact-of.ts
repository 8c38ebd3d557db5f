import {
  conversationRootOf,
  type Interaction,
  type Party,
  type SegmentAttribution,
  type SegmentMetadata,
} from '../../interaction/index.js';
import type { Contact, ContactCall, Presence, RecordedStay, Visit } from './contact.js';

/** A segment that goes to GC, and on whose behalf it was made. */
export type AttributedSegment = {
  readonly segment: Pick<SegmentMetadata, 'mediaId' | 'startMs' | 'stopMs'>;
  readonly attribution: SegmentAttribution;
};

/** Reads the fold: the one place where conversations know how an interaction is kept. */
export function contactOf(
  interaction: Interaction,
  segments: readonly AttributedSegment[],
): Contact {
  const { rootCallUUID, direction, hasCallEvents } = interaction;
  const root = interaction.calls.find(({ callUUID }) => callUUID === rootCallUUID);
  const presences = interaction.parties.flatMap(presenceOf);
  const recordings = segments.map(stayOf);
  return {
    rootCallUUID,
    // A consult that stands alone is a call between two agents.
    direction: root?.callType === 'Consult' ? 'internal' : direction,
    hasCallEvents,
    calls: interaction.calls.map((call) => callOf(call, interaction)),
    presences: presences.toSorted((left, right) => left.addedAtMs - right.addedAtMs),
    visits: visitsOf(interaction),
    recordings: recordings.toSorted((left, right) => left.startMs - right.startMs),
    feedAtMs: newestOf(interaction),
  };
}

function callOf(call: Interaction['calls'][number], interaction: Interaction): ContactCall {
  const { callUUID, ani, dnis, startedAtMs, deletedAtMs, releasedBy } = call;
  const isRoot = callUUID === interaction.rootCallUUID;
  return {
    callUUID,
    conversation: conversationRootOf(interaction, callUUID),
    isConsult: !isRoot,
    lacksParent: isRoot && call.callType === 'Consult' && call.parentCallUUID === undefined,
    ani: isRoot ? (ani ?? interaction.ani) : ani,
    dnis: isRoot ? (dnis ?? interaction.dnis) : dnis,
    startedAtMs,
    deletedAtMs,
    releasedBy,
  };
}

function presenceOf(party: Party): Presence[] {
  if (party.partyType === 'queue') return [];
  const { callUUID, dn, ordinal, agentId, addedAtMs, goneAtMs, releasedBy, deliveredBy } = party;
  return [
    {
      ...{ callUUID, dn, ordinal, agentId, addedAtMs, goneAtMs, releasedBy, deliveredBy },
      party: party.partyType,
      answeredAtMs: party.establishedAtMs,
      holds: party.intervals.flatMap(({ state, fromMs, toMs }) =>
        state === 'held' ? [{ fromMs, toMs }] : [],
      ),
      queue: party.originationQueue,
    },
  ];
}

function visitsOf({ queueVisits }: Interaction): Visit[] {
  return queueVisits
    .map(({ callUUID, queue, number, enteredAtMs, leftAtMs, divertedTo }) => ({
      ...{ callUUID, queue, number, leftAtMs, divertedTo },
      enteredAtMs: enteredAtMs ?? leftAtMs ?? 0,
    }))
    .toSorted((left, right) => left.enteredAtMs - right.enteredAtMs);
}

function stayOf({ segment, attribution }: AttributedSegment): RecordedStay {
  const { mediaId, startMs, stopMs } = segment;
  const { callUUID, dn, ordinal, recordedParty, agentId, queue } = attribution;
  return { mediaId, callUUID, dn, ordinal, party: recordedParty, agentId, queue, startMs, stopMs };
}

function newestOf({ calls, parties, queueVisits }: Interaction): number {
  const times = [
    ...calls.flatMap(({ startedAtMs, deletedAtMs }) => [startedAtMs, deletedAtMs]),
    ...parties.flatMap(({ addedAtMs, goneAtMs, intervals }) => [
      addedAtMs,
      goneAtMs,
      intervals.at(-1)?.fromMs,
    ]),
    ...queueVisits.flatMap(({ enteredAtMs, leftAtMs }) => [enteredAtMs, leftAtMs]),
  ];
  return times.reduce<number>((newest, time) => Math.max(newest, time ?? 0), 0);
}
