import type { Presence, Visit } from '../contact/contact.js';
import type { NamedLeg } from '../legs/name-legs.js';
import { waits } from '../options.js';
import { callAfter, callOf, ended, open, undecided, type LegEnd, type Scene } from './scene.js';

/**
 * A routing leg ends with the answer of the agent to whom its queue diverted the call; while that one rings it goes on
 * (docs/design/CONVERSATIONS.md#14-how-gc-itself-builds-a-queue-call-the-model-to-imitate, docs/design/CONVERSATIONS.md#21-legs). What is lost of the diversion, any agent's answer makes up for.
 */
export function routingEnd(leg: NamedLeg, scene: Scene): LegEnd {
  const last = leg.visits.at(-1);
  if (last === undefined) return open;
  if (!scene.contact.hasCallEvents) return ended(leg.startMs, 'Transfer');
  const tried = triedBy(leg, last, scene);
  const answer = answerOf(leg, tried, scene);
  if (answer !== undefined) return ended(Math.max(answer, leg.startMs), 'Transfer');
  const { leftAtMs } = last;
  if (leftAtMs === undefined) return open;
  return tried.length > 0 ? afterRinging(tried, last, scene) : afterLeaving(last, leftAtMs, scene);
}

/** The agents to whom the queue gave the call. */
function triedBy({ visits }: NamedLeg, last: Visit, { contact }: Scene): Presence[] {
  return contact.presences.filter(({ callUUID, dn, deliveredBy, addedAtMs, goneAtMs }) => {
    if (callUUID !== last.callUUID) return false;
    const isDelivered = visits.some(
      ({ queue, number }) => deliveredBy?.queue === queue && deliveredBy.number === number,
    );
    const isThere =
      deliveredBy === undefined &&
      dn === last.divertedTo &&
      addedAtMs <= (last.leftAtMs ?? 0) + waits.handoverMs &&
      (goneAtMs ?? Infinity) >= (last.leftAtMs ?? 0);
    return isDelivered || isThere;
  });
}

function answerOf(leg: NamedLeg, tried: readonly Presence[], scene: Scene): number | undefined {
  const own = tried.flatMap(({ answeredAtMs }) => answeredAtMs ?? []);
  if (own.length > 0) return Math.min(...own);
  const last = leg.visits.at(-1);
  const isLost = last?.leftAtMs === undefined || tried.length > 0;
  if (!isLost) return undefined;
  const sinceMs = tried.length > 0 ? (last?.leftAtMs ?? 0) : leg.startMs;
  const anybody = scene.contact.presences.filter(
    ({ callUUID, party, deliveredBy, answeredAtMs }) =>
      callUUID === leg.callUUID &&
      party === 'agent' &&
      deliveredBy === undefined &&
      answeredAtMs !== undefined &&
      answeredAtMs > sinceMs,
  );
  // With others in parallel it may have been any of them.
  const isAlone = !scene.contact.visits.some(
    (visit) =>
      visit.callUUID === leg.callUUID &&
      !leg.visits.includes(visit) &&
      (visit.leftAtMs ?? Infinity) >= leg.startMs,
  );
  const [first] = anybody.map(({ answeredAtMs }) => answeredAtMs ?? 0).sort((a, b) => a - b);
  return isAlone ? first : undefined;
}

/** Somebody rang and did not answer. The next queue, or the end of the call, ends it; until then it goes on. */
function afterRinging(tried: readonly Presence[], last: Visit, scene: Scene): LegEnd {
  const ends = tried.map(({ goneAtMs }) => goneAtMs);
  const next = nextQueueAfter(last, scene);
  if (next !== undefined) {
    const leftAtMs = last.leftAtMs ?? next.enteredAtMs;
    const isSoon = next.enteredAtMs - leftAtMs <= waits.handoverMs;
    return ended(isSoon ? leftAtMs : next.enteredAtMs, 'TransferACD');
  }
  if (ends.includes(undefined)) return open;
  const givenUpAtMs = Math.max(...ends.map((end) => end ?? 0));
  switch (callAfter(scene, last.callUUID, givenUpAtMs)) {
    case 'over':
      return ended(givenUpAtMs, 'Peer');
    case 'unknown':
      return open;
    case 'goes-on': {
      const deletedAtMs = callOf(scene, last.callUUID)?.deletedAtMs;
      return deletedAtMs === undefined ? open : ended(deletedAtMs, 'Peer');
    }
  }
}

function afterLeaving(last: Visit, leftAtMs: number, scene: Scene): LegEnd {
  const isParallel = (visit: Visit) =>
    visit !== last &&
    visit.callUUID === last.callUUID &&
    visit.queue !== last.queue &&
    visit.divertedTo !== undefined &&
    visit.enteredAtMs <= leftAtMs &&
    Math.abs((visit.leftAtMs ?? Infinity) - leftAtMs) <= waits.handoverMs;
  if (last.divertedTo === undefined && scene.contact.visits.some(isParallel))
    return ended(leftAtMs, 'System');
  const next = nextQueueAfter(last, scene);
  if (next !== undefined && next.enteredAtMs - leftAtMs <= waits.handoverMs)
    return ended(leftAtMs, 'TransferACD');
  const after = callAfter(scene, last.callUUID, leftAtMs);
  if (after === 'over') return ended(leftAtMs, 'Peer');
  const isSettled = after === 'goes-on' && scene.feed.isSettled(leftAtMs, waits.handoverMs);
  return isSettled ? ended(leftAtMs, 'Transfer') : undecided(leftAtMs);
}

function nextQueueAfter(last: Visit, { contact }: Scene): Visit | undefined {
  const leftAtMs = last.leftAtMs ?? Infinity;
  return contact.visits.find(
    (visit) => visit !== last && visit.callUUID === last.callUUID && visit.enteredAtMs >= leftAtMs,
  );
}
