import { feedToleranceMs } from '../feed/feed-tolerance.js';
import type { QueueVisit } from '../interaction.js';
import type { Presence } from './presence.js';

/** All presences of the interaction by DN, each list by beginning. */
export type PresencesByDn = ReadonlyMap<string, readonly Presence[]>;

/**
 * Which visit to a queue delivered which presence (docs/design/CONTRACTS.md#16-clarifications-of-the-second-round (2)): a diversion belongs to one presence of the DN that it
 * names. Of several that belong to one presence, as from queues in parallel, the last before the answer counts,
 * else the first after it.
 */
export function deliveriesOf(
  presences: PresencesByDn,
  visits: readonly QueueVisit[],
): Map<Presence, QueueVisit> {
  const delivered = new Map<Presence, QueueVisit>();
  for (const visit of visits.toSorted((left, right) => leftAt(left) - leftAt(right))) {
    const ofDn = presences.get(visit.divertedTo ?? '') ?? [];
    const here = ofDn.filter(({ callUUID }) => callUUID === visit.callUUID);
    const isFree = (presence: Presence) => !delivered.has(presence);
    const target = targetOf(here, leftAt(visit), isFree) ?? targetOf(ofDn, leftAt(visit), isFree);
    if (target === undefined) continue;
    if (isFree(target) || leftAt(visit) <= answerOf(target)) delivered.set(target, visit);
  }
  return delivered;
}

/**
 * Whom a diversion reached: who was there and had not answered long before, else who came shortly after it, else who
 * had answered and gone shortly before it and has no queue yet, else whoever came next.
 */
function targetOf(
  byStart: readonly Presence[],
  divertedAtMs: number,
  isFree: (presence: Presence) => boolean,
): Presence | undefined {
  const before = byStart.filter(
    (one) => one.addedAtMs <= divertedAtMs && answerOf(one) >= divertedAtMs - feedToleranceMs,
  );
  const there = before.findLast(({ goneAtMs = Infinity }) => goneAtMs > divertedAtMs);
  if (there !== undefined) return there;
  const next = byStart.find(({ addedAtMs }) => addedAtMs >= divertedAtMs);
  if (next !== undefined && next.addedAtMs - divertedAtMs <= feedToleranceMs) return next;
  return before.findLast((one) => one.establishedAtMs !== undefined && isFree(one)) ?? next;
}

const leftAt = ({ leftAtMs = Infinity }: QueueVisit) => leftAtMs;
const answerOf = ({ establishedAtMs, goneAtMs = Infinity }: Presence) =>
  establishedAtMs ?? goneAtMs;

/**
 * The earlier presence of the same DN that this one carries on: it overlaps or adjoins it, and nobody else answered in
 * between. So an agent keeps the queue of the consult call after its transfer (docs/design/CONTRACTS.md#9-clarifications (12), docs/design/CONTRACTS.md#16-clarifications-of-the-second-round (2)).
 */
export function carriedOn(presence: Presence, presences: PresencesByDn): Presence | undefined {
  const ofDn = presences.get(presence.dn) ?? [];
  const earlier = ofDn
    .slice(0, ofDn.indexOf(presence))
    .filter(({ goneAtMs = Infinity }) => presence.addedAtMs - goneAtMs <= feedToleranceMs)
    .reduce<Presence | undefined>(
      (last, one) => (last === undefined || goneAt(one) >= goneAt(last) ? one : last),
      undefined,
    );
  if (earlier === undefined) return undefined;
  const isTaken = goneAt(earlier) < presence.addedAtMs && hasAnswered(earlier, presence, presences);
  return isTaken ? undefined : earlier;
}

const goneAt = ({ goneAtMs = Infinity }: Presence) => goneAtMs;

/** Has somebody else answered between the end of the earlier presence and the beginning of this one? */
function hasAnswered(earlier: Presence, presence: Presence, presences: PresencesByDn): boolean {
  return [...presences].some(
    ([dn, others]) =>
      dn !== presence.dn &&
      others.some(
        ({ establishedAtMs = -1 }) =>
          establishedAtMs >= goneAt(earlier) && establishedAtMs <= presence.addedAtMs,
      ),
  );
}
