import type { Contact } from '../contact/contact.js';
import { communicationIdOf } from '@exrec/gc-metadata';
import { communicationIdOfLeg, legKey, type Journal, type JournalLeg } from '../journal/journal.js';
import { syntheticCustomer, type Leg } from './leg.js';

/** A leg with the name and the conversation it has, or will have, at GC. */
export type NamedLeg = Leg & {
  readonly conversation: string;
  /** Index in the journal of its conversation; one that is not in the journal yet comes next there. */
  readonly index: number;
  readonly isNew: boolean;
  readonly communicationId: string;
};

/**
 * Gives each leg its name. What the journal has stays (docs/design/CONVERSATIONS.md#21-legs): presences have kept the numbers under which
 * they were told, visits to a queue are matched with the journal by the nearest beginning, and a newcomer gets a number
 * that is free. A call stays in the conversation in which its first leg was opened (4.2 row 9).
 */
export function nameLegs(legs: readonly Leg[], journal: Journal, contact: Contact): NamedLeg[] {
  const matches = matched(legs, journal.legs);
  const homes = new Map(contact.calls.map((call) => [call.callUUID, call.conversation]));
  const taken = new Set(journal.legs.map((leg) => nameOf(leg)));
  const lengths = new Map<string, number>();
  for (const { conversation, index } of journal.legs)
    lengths.set(conversation, Math.max(lengths.get(conversation) ?? 0, index + 1));
  return legs.map((leg): NamedLeg => {
    const known = matches.get(leg);
    if (known !== undefined) {
      const { conversation, index, number } = known;
      const communicationId = communicationIdOf(leg.callUUID, leg.place, number);
      return { ...leg, conversation, index, number, isNew: false, communicationId };
    }
    const number = freeNumber(leg, taken);
    taken.add(nameOf({ ...leg, number }));
    const conversation = homes.get(leg.callUUID) ?? contact.rootCallUUID;
    const index = lengths.get(conversation) ?? 0;
    lengths.set(conversation, index + 1);
    const communicationId = communicationIdOf(leg.callUUID, leg.place, number);
    return { ...leg, conversation, index, number, isNew: true, communicationId };
  });
}

/**
 * Legs that were opened and that the contact no longer shows, because a late event has put them elsewhere: they are
 * ended as all others.
 */
export function lostLegs(named: readonly NamedLeg[], journal: Journal): NamedLeg[] {
  const known = new Set(named.map(legKey));
  return journal.legs
    .filter((leg) => !known.has(legKey(leg)))
    .map((leg) => ({
      ...leg,
      ...{ kind: 'phone', role: 'other', isConsult: false, alerting: false },
      ...{ isNew: false, communicationId: communicationIdOfLeg(leg), answeredAtMs: undefined },
      ...{ goneAtMs: undefined, holds: [], userId: undefined, queueId: undefined },
      ...{ agentId: undefined, queue: undefined, presence: undefined, visits: [], recordings: [] },
      isUnclear: false,
    }));
}

function matched(legs: readonly Leg[], known: readonly JournalLeg[]): Map<Leg, JournalLeg> {
  const pairs = legs.flatMap((leg) =>
    known
      .filter(
        ({ callUUID, place, number }) =>
          callUUID === leg.callUUID &&
          place === leg.place &&
          (leg.role === 'queue' || place === syntheticCustomer || number === leg.number),
      )
      .map((candidate) => ({ leg, candidate, gapMs: Math.abs(leg.startMs - candidate.startMs) })),
  );
  const matches = new Map<Leg, JournalLeg>();
  const used = new Set<JournalLeg>();
  for (const { leg, candidate } of pairs.toSorted((left, right) => left.gapMs - right.gapMs)) {
    if (matches.has(leg) || used.has(candidate)) continue;
    matches.set(leg, candidate);
    used.add(candidate);
  }
  return matches;
}

function freeNumber(leg: Leg, taken: ReadonlySet<string>): number {
  let { number } = leg;
  if (taken.has(nameOf(leg))) number = 1;
  while (taken.has(nameOf({ ...leg, number }))) number += 1;
  return number;
}

function nameOf({ callUUID, place, number }: Pick<JournalLeg, 'callUUID' | 'place' | 'number'>) {
  return `${callUUID}/${place}/${number}`;
}
