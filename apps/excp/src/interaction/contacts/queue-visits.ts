import type { CallEvent } from '../feed/call-event.js';
import { feedToleranceMs } from '../feed/feed-tolerance.js';
import { grouped } from '../feed/grouped.js';
import type { Call, QueueVisit } from '../interaction.js';
import { inStateOrder } from '../feed/same-time.js';

type OpenVisit = { -readonly [Key in keyof QueueVisit]: QueueVisit[Key] };

/**
 * The visits to queues, from the ordered events. A diversion without its entry is a visit all the same;
 * a visit that outlives its call was abandoned.
 */
export function queueVisitsOf(ordered: readonly CallEvent[], calls: readonly Call[]): QueueVisit[] {
  const ofQueues = grouped(
    ordered.filter((event) => queueOf(event) !== undefined),
    (event) => `${event.callUUID}/${queueOf(event) ?? ''}`,
  );
  const deletedAtMs = new Map(calls.map((call) => [call.callUUID, call.deletedAtMs]));
  return [...ofQueues.values()].flatMap((events) => {
    const visits: OpenVisit[] = [];
    const isWaiting = () => visits.at(-1)?.outcome === 'waiting';
    for (const event of inStateOrder(events, { begins, ends, isPresent: isWaiting })) {
      applyQueueEvent(visits, event);
    }
    const last = visits.at(-1);
    const endMs = last && deletedAtMs.get(last.callUUID);
    if (last?.outcome === 'waiting' && endMs !== undefined) {
      last.leftAtMs = Math.max(endMs, last.enteredAtMs ?? endMs);
      last.outcome = 'abandoned';
    }
    return visits;
  });
}

const begins = ({ event }: CallEvent) => event === 'EventQueued';
const ends = ({ event }: CallEvent) => event !== 'EventQueued';

/** @param visits of one call to one queue */
function applyQueueEvent(visits: OpenVisit[], event: CallEvent): void {
  const last = visits.at(-1);
  const isOpen = last?.outcome === 'waiting';
  const begin = (): OpenVisit => {
    const queue = queueOf(event) ?? '';
    const number = visits.length + 1;
    const visit: OpenVisit = { callUUID: event.callUUID, queue, number, outcome: 'waiting' };
    visits.push(visit);
    return visit;
  };
  if (event.event === 'EventQueued') {
    const visit = isOpen ? last : begin();
    visit.enteredAtMs ??= event.timeMs;
    return;
  }
  const divertedTo = event.event === 'EventDiverted' ? event.thirdPartyDN : undefined;
  if (last !== undefined && !isOpen && isSameEnd(last, divertedTo, event.timeMs)) {
    // Whichever of the two knows where the call went.
    last.divertedTo ??= divertedTo;
    if (last.divertedTo !== undefined) last.outcome = 'diverted';
    return;
  }
  const visit = isOpen ? last : begin();
  visit.leftAtMs = event.timeMs;
  visit.outcome = divertedTo === undefined ? 'abandoned' : 'diverted';
  visit.divertedTo = divertedTo;
}

/** An abandoned call may end its visit by two events, and a second feed may tell its end once more. */
function isSameEnd(visit: QueueVisit, divertedTo: string | undefined, atMs: number): boolean {
  const isNear = atMs - (visit.leftAtMs ?? -Infinity) <= feedToleranceMs;
  const isSameDn = [visit.divertedTo, undefined].includes(divertedTo);
  return isNear && (isSameDn || visit.divertedTo === undefined);
}

/** The queue of an event about a queue. */
function queueOf(event: CallEvent): string | undefined {
  const isOfQueue =
    event.event === 'EventQueued' ||
    event.event === 'EventDiverted' ||
    event.event === 'EventAbandoned';
  return isOfQueue ? (event.thisQueue ?? event.thisDN) : undefined;
}

/** The queue that last diverted to a DN of which nothing else is known, at this time or shortly after it. */
export function queueDivertedTo(
  visits: readonly QueueVisit[],
  dn: string,
  atMs: number,
): string | undefined {
  return visits
    .filter(
      ({ divertedTo, leftAtMs = Infinity }) =>
        divertedTo === dn && leftAtMs - atMs <= feedToleranceMs,
    )
    .toSorted((left, right) => (left.leftAtMs ?? 0) - (right.leftAtMs ?? 0))
    .at(-1)?.queue;
}
