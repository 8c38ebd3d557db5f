import * as z from 'zod';

const text = z.string().nullish();

/** What is known of the course of a call: as EXCP tells it, or as it was made of a feed. */
export const courseSchema = z.looseObject({
  interactionId: text,
  calls: z
    .array(
      z.looseObject({
        callUUID: z.string(),
        callType: text,
        startedAt: text,
        deletedAt: text,
        releasedBy: text,
      }),
    )
    .default([]),
  parties: z
    .array(
      z.looseObject({
        callUUID: text,
        dn: z.string(),
        agentId: text,
        partyType: text,
        addedAt: text,
        establishedAt: text,
        goneAt: text,
        releasedBy: text,
        intervals: z.array(z.looseObject({ state: z.string(), from: text, to: text })).default([]),
      }),
    )
    .default([]),
  queueVisits: z
    .array(
      z.looseObject({
        callUUID: text,
        queue: z.string(),
        enteredAt: text,
        leftAt: text,
        outcome: text,
        divertedTo: text,
      }),
    )
    .default([]),
  userData: z
    .array(z.looseObject({ at: text, changes: z.record(z.string(), z.unknown()).default({}) }))
    .default([]),
  segments: z
    .array(
      z.looseObject({
        startTime: text,
        stopTime: text,
        recordedParty: text,
        party: z.looseObject({ dn: z.string(), agentId: text }).nullish(),
      }),
    )
    .default([]),
});
export type Course = z.input<typeof courseSchema>;
type ReadCourse = z.output<typeof courseSchema>;

type Visit = ReadCourse['queueVisits'][number];

type Moment = { readonly at: string; readonly words: string };
type Say = (at: string | null | undefined, words: string) => void;

/**
 * What happened, in order, as one would read it aloud.
 * @param timeOf how a time is written
 */
export function timeLine(course: unknown, timeOf: (iso: string) => string): string[] {
  const reading = courseSchema.safeParse(course);
  if (!reading.success) return [];
  const moments: Moment[] = [];
  const say: Say = (at, words) => {
    if (at) moments.push({ at, words });
  };
  tellCalls(reading.data, say);
  tellQueues(reading.data, say);
  tellParties(reading.data, say);
  tellData(reading.data, say);
  tellRecordings(reading.data, say);
  // What is told of one instant stays in the order in which it is told.
  const ordered = moments.toSorted((left, right) => Date.parse(left.at) - Date.parse(right.at));
  return ordered.map(({ at, words }) => `  ${timeOf(at)}  ${words}`);
}

function isConsult(callUUID: string | null | undefined, { interactionId, calls }: ReadCourse) {
  const root = interactionId ?? calls[0]?.callUUID;
  return callUUID !== null && callUUID !== undefined && root !== undefined && callUUID !== root;
}

function tellCalls(course: ReadCourse, say: Say): void {
  for (const { callUUID, callType, startedAt } of course.calls) {
    if (isConsult(callUUID, course)) say(startedAt, 'a consult call begins');
    else say(startedAt, callType === 'Outbound' ? 'an agent dials out' : 'the call begins');
  }
}

function tellQueues(course: ReadCourse, say: Say): void {
  const agents = new Map(course.parties.map(({ dn, agentId }) => [dn, agentId]));
  for (const visit of course.queueVisits) {
    const { queue, enteredAt, leftAt, divertedTo } = visit;
    const call = isConsult(visit.callUUID, course) ? 'the consult' : 'the call';
    say(enteredAt, `${call} waits in ${queue}`);
    if (divertedTo) say(leftAt, `${queue} sends it to ${agents.get(divertedTo) ?? divertedTo}`);
    else
      say(
        leftAt,
        isGivenUp(visit, course) ? `${call} is given up in ${queue}` : `${call} leaves ${queue}`,
      );
  }
}

/** A call that waits in the next queue right afterwards was not given up, whatever the switch called it. */
function isGivenUp({ callUUID, outcome, leftAt }: Visit, { queueVisits }: ReadCourse): boolean {
  const isNext = (other: Visit) =>
    other.callUUID === callUUID && Date.parse(other.enteredAt ?? '') >= Date.parse(leftAt ?? '');
  return outcome === 'abandoned' && !queueVisits.some(isNext);
}

function tellParties(course: ReadCourse, say: Say): void {
  const calls = new Map(course.calls.map((call) => [call.callUUID, call]));
  for (const party of course.parties) {
    const { dn, agentId, partyType, addedAt, establishedAt, goneAt, releasedBy } = party;
    if (partyType === 'queue') continue;
    const name = agentId ? `${agentId} (${dn})` : dn;
    const who = isConsult(party.callUUID, course) ? `${name}, on the consult,` : name;
    say(
      addedAt,
      establishedAt === addedAt || partyType === 'trunk' ? `${who} joins` : `${who} rings`,
    );
    if (establishedAt !== addedAt && partyType !== 'trunk') say(establishedAt, `${who} answers`);
    for (const { from, to } of party.intervals.filter(({ state }) => state === 'held')) {
      say(from, `${who} puts the call on hold`);
      if (to !== goneAt) say(to, `${who} takes the call back`);
    }
    const isHangUp =
      dn === (releasedBy ?? calls.get(party.callUUID ?? '')?.releasedBy) && partyType !== 'other';
    const isNeverThere = partyType === 'agent' && !establishedAt;
    const leaves = isNeverThere ? 'stops ringing, unanswered' : 'leaves';
    say(goneAt, `${who} ${isHangUp ? 'hangs up' : leaves}`);
  }
}

/** Names of call data; values only where whoever asks may see them. */
function tellData({ userData }: ReadCourse, say: Say): void {
  for (const { at, changes } of userData) {
    const words = Object.entries(changes).map(([key, value]) =>
      typeof value === 'string' || typeof value === 'number' ? `${key} ${value}` : key,
    );
    if (words.length > 0) say(at, `call data: ${words.join(', ')}`);
  }
}

function tellRecordings({ segments }: ReadCourse, say: Say): void {
  for (const { startTime, stopTime, recordedParty, party } of segments) {
    const who = party?.agentId ?? party?.dn ?? recordedParty ?? 'somebody';
    say(startTime, `the recording of ${who} begins`);
    say(stopTime, `the recording of ${who} ends`);
  }
}
