import type { NamedLeg } from '../legs/name-legs.js';
import type { Visit } from '../contact/contact.js';
import { waits } from '../options.js';
import type { Scene } from './scene.js';

/** Who follows an agent who leaves a call that goes on. `leg` is missing when GC does not know the queue. */
export type Successor =
  | { readonly kind: 'queue'; readonly visit: Visit; readonly leg: NamedLeg | undefined }
  | { readonly kind: 'agent' | 'trunk'; readonly leg: NamedLeg };

/**
 * The first who comes to the same call within the hand-over after this leg has gone. A transfer may let somebody ring,
 * or queue the call, a moment before the agent is released: who has not answered by then counts too.
 */
export function successorOf(leg: NamedLeg, scene: Scene): Successor | undefined {
  const { goneAtMs } = leg;
  if (goneAtMs === undefined || !scene.contact.hasCallEvents) return undefined;
  const isNear = (atMs: number) =>
    atMs > leg.startMs && Math.abs(atMs - goneAtMs) <= waits.handoverMs;
  const legs = scene.legs.filter(
    (other) =>
      other !== leg &&
      other.callUUID === leg.callUUID &&
      (other.role === 'agent' || other.role === 'trunk') &&
      isNear(other.startMs) &&
      (other.goneAtMs ?? Infinity) >= goneAtMs &&
      (other.startMs >= goneAtMs || (other.answeredAtMs ?? Infinity) >= goneAtMs),
  );
  const visits = scene.contact.visits.filter(
    ({ callUUID, enteredAtMs, leftAtMs = Infinity }) =>
      callUUID === leg.callUUID && isNear(enteredAtMs) && leftAtMs >= goneAtMs,
  );
  const candidates: { readonly atMs: number; readonly successor: Successor }[] = [
    ...visits.map((visit) => ({
      atMs: visit.enteredAtMs,
      successor: { kind: 'queue' as const, visit, leg: legOfVisit(visit, scene) },
    })),
    ...legs.map((other) => ({
      atMs: other.startMs,
      successor: {
        kind: other.role === 'trunk' ? ('trunk' as const) : ('agent' as const),
        leg: other,
      },
    })),
  ];
  return candidates.toSorted((left, right) => left.atMs - right.atMs).at(0)?.successor;
}

export function legOfVisit(visit: Visit, { legs }: Scene): NamedLeg | undefined {
  return legs.find(({ visits }) => visits.includes(visit));
}
