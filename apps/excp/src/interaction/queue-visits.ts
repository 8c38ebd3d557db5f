import type { CallEvent } from './call-event.js';
import type { Call, Party, QueueVisit } from './interaction.js';

type OpenVisit = { -readonly [Key in keyof QueueVisit]: QueueVisit[Key] };

/**
 * The visits to queues, from the ordered events. A diversion without its entry is a visit all the same;
 * a visit that outlives its call was abandoned.
 */
export function queueVisitsOf(ordered: readonly CallEvent[], calls: readonly Call[]): QueueVisit[] {
  const visits: OpenVisit[] = [];
  const open = new Map<string, OpenVisit>();
  for (const event of ordered) {
    const queue = queueOf(event);
    if (queue === undefined) continue;
    const key = `${event.callUUID}/${queue}`;
    let visit = open.get(key);
    if (visit === undefined) {
      visit = { callUUID: event.callUUID, queue, outcome: 'waiting' };
      visits.push(visit);
      open.set(key, visit);
    }
    if (event.event === 'EventQueued') {
      visit.enteredAtMs ??= event.timeMs;
    } else {
      visit.leftAtMs = event.timeMs;
      visit.outcome = event.thirdPartyDN === undefined ? 'abandoned' : 'diverted';
      visit.divertedTo = event.thirdPartyDN;
      open.delete(key);
    }
  }
  const deletedAtMs = new Map(calls.map((call) => [call.callUUID, call.deletedAtMs]));
  for (const visit of open.values()) {
    const endMs = deletedAtMs.get(visit.callUUID);
    if (endMs === undefined) continue;
    visit.leftAtMs = Math.max(endMs, visit.enteredAtMs ?? endMs);
    visit.outcome = 'abandoned';
  }
  return visits;
}

/** The queue of an `EventQueued` or `EventDiverted`. */
export function queueOf(event: CallEvent): string | undefined {
  const isQueueEvent = event.event === 'EventQueued' || event.event === 'EventDiverted';
  return isQueueEvent ? (event.thisQueue ?? event.thisDN) : undefined;
}

/**
 * The queue through which the call reached this DN: the last one diverted to it, on any call of the
 * interaction, no later than the answer. So after a consult transfer an agent keeps the queue that
 * delivered the consult call (CONTRACTS 9.12).
 */
export function originationQueueOf(
  visits: readonly QueueVisit[],
  party: Pick<Party, 'dn'>,
  answeredAtMs: number,
): string | undefined {
  let last: QueueVisit | undefined;
  for (const visit of visits) {
    const leftAtMs = visit.leftAtMs ?? Infinity;
    if (visit.divertedTo !== party.dn || leftAtMs > answeredAtMs) continue;
    if (last === undefined || leftAtMs >= (last.leftAtMs ?? 0)) last = visit;
  }
  return last?.queue;
}
