import type { Contact, Visit } from '../contact/contact.js';
import { waits } from '../options.js';
import type { Gap, Leg } from './leg.js';
import type { LegFacts, PlannedLegs } from './plan-legs.js';

/** The visits to queues that GC has, as legs; without call events, what the metadata say (docs/design/CONVERSATIONS.md#3-worked-examples (15)). */
export function queueLegs(people: readonly Leg[], facts: LegFacts): PlannedLegs {
  const { contact } = facts;
  const chains = contact.hasCallEvents ? chainsOf(contact) : [];
  const told = contact.hasCallEvents ? [] : toldQueues(people);
  const gaps = new Map<string, Gap>();
  const legs: Leg[] = [];
  for (const visits of [...chains, ...told.map((visit) => [visit])]) {
    const [first] = visits;
    if (first === undefined) continue;
    const queueId = facts.directory.queueIdOf(first.queue);
    if (queueId === null) gaps.set(first.queue, { kind: 'queue', name: first.queue });
    else legs.push(legOf(visits, first, { queueId, contact }));
  }
  return { legs, gaps: [...gaps.values()] };
}

function legOf(
  visits: readonly Visit[],
  first: Visit,
  { queueId, contact }: { readonly queueId: string; readonly contact: Contact },
): Leg {
  const { callUUID, queue, number, enteredAtMs: startMs } = first;
  const call = contact.calls.find((each) => each.callUUID === callUUID);
  return {
    ...{ kind: 'routing', role: 'queue', callUUID, place: queue, number },
    ...{ queue, startMs, queueId, visits },
    isConsult: call?.isConsult ?? false,
    alerting: false,
    answeredAtMs: startMs,
    goneAtMs: visits.at(-1)?.leftAtMs,
    ...{ holds: [], userId: undefined, agentId: undefined, presence: undefined, recordings: [] },
    isUnclear: false,
  };
}

/**
 * Visits of one call to one queue that are one leg: an agent who did not answer has the call queued again, and the
 * queue time goes on (docs/design/CONVERSATIONS.md#3-worked-examples (11)).
 */
function chainsOf(contact: Contact): Visit[][] {
  const chains: Visit[][] = [];
  for (const visit of contact.visits) {
    const chain = chains.find((each) => goesOn(each, visit, contact));
    if (chain === undefined) chains.push([visit]);
    else chain.push(visit);
  }
  return chains;
}

function goesOn(chain: readonly Visit[], next: Visit, contact: Contact): boolean {
  const last = chain.at(-1);
  if (last?.queue !== next.queue || last.callUUID !== next.callUUID) return false;
  const leftAtMs = last.leftAtMs ?? next.enteredAtMs;
  const tried = contact.presences.filter(
    ({ callUUID, deliveredBy }) =>
      callUUID === last.callUUID &&
      deliveredBy?.queue === last.queue &&
      deliveredBy.number === last.number,
  );
  if (tried.some(({ answeredAtMs }) => answeredAtMs !== undefined)) return false;
  const wasElsewhere = contact.visits.some(
    ({ callUUID, queue, enteredAtMs }) =>
      callUUID === last.callUUID &&
      queue !== last.queue &&
      enteredAtMs >= leftAtMs &&
      enteredAtMs <= next.enteredAtMs,
  );
  const givenUpAtMs = Math.max(leftAtMs, ...tried.map(({ goneAtMs }) => goneAtMs ?? 0));
  return !wasElsewhere && next.enteredAtMs <= givenUpAtMs + waits.handoverMs;
}

/** Each queue that the metadata name, at the start of the first agent who names it. */
function toldQueues(people: readonly Leg[]): Visit[] {
  const agents = people
    .filter(({ role, queue }) => role === 'agent' && queue !== undefined)
    .toSorted((left, right) => left.startMs - right.startMs);
  const seen = new Set<string>();
  return agents.flatMap(({ queue = '', callUUID, startMs, place }) => {
    const key = `${callUUID}/${queue}`;
    if (seen.has(key)) return [];
    seen.add(key);
    const times = { enteredAtMs: startMs, leftAtMs: startMs };
    return [{ callUUID, queue, number: 1, ...times, divertedTo: place }];
  });
}
