import { callEventKinds, partyStates, type CallEvent } from './call-event.js';
import { compareText } from './json-value.js';

const kindRank = new Map(callEventKinds.map((kind, rank) => [kind, rank]));
const stateRank = new Map(partyStates.map((state, rank) => [state, rank]));

/** By time, then by kind and state, then by id: a total order that doesn't know the order of arrival. */
export function compareEvents(left: CallEvent, right: CallEvent): number {
  return (
    left.timeMs - right.timeMs ||
    (kindRank.get(left.event) ?? 0) - (kindRank.get(right.event) ?? 0) ||
    rankOfState(left) - rankOfState(right) ||
    compareText(left.eventId, right.eventId) ||
    compareText(left.callUUID, right.callUUID)
  );
}

/**
 * Each event once, in order. Two different events under one id are one event; which of them counts
 * depends on their content alone.
 */
export function orderEvents(events: Iterable<CallEvent>): CallEvent[] {
  const distinct = new Map<string, CallEvent>();
  for (const event of events) {
    const key = `${event.callUUID}/${event.eventId}`;
    const known = distinct.get(key);
    if (known === undefined || comparePrecisely(event, known) < 0) distinct.set(key, event);
  }
  return [...distinct.values()].sort(compareEvents);
}

/**
 * How dear an event is when there are too many of one interaction: 0 says that calls exist and end,
 * 1 who was on them and through which queue, 2 the rest. What bounds a log on arrival should keep rank 0.
 */
export function capRank(event: Pick<CallEvent, 'event'>): 0 | 1 | 2 {
  switch (event.event) {
    case 'EventCallCreated':
    case 'EventCallDeleted':
      return 0;
    case 'EventCallDataChanged':
    case 'EventUserEvent':
      return 2;
    default:
      return 1;
  }
}

/** At most `maxEvents` of the ordered events: the dearest, of those the earliest, still in order. */
export function capEvents(ordered: readonly CallEvent[], maxEvents: number): readonly CallEvent[] {
  if (ordered.length <= maxEvents) return ordered;
  const kept = [0, 1, 2]
    .flatMap((rank) => ordered.filter((event) => capRank(event) === rank))
    .slice(0, maxEvents);
  return kept.sort(compareEvents);
}

function comparePrecisely(left: CallEvent, right: CallEvent): number {
  return compareEvents(left, right) || compareText(JSON.stringify(left), JSON.stringify(right));
}

function rankOfState(event: CallEvent): number {
  return event.partyState === undefined ? 0 : (stateRank.get(event.partyState) ?? 0);
}
