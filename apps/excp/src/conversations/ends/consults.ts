import type { Presence } from '../contact/contact.js';
import type { NamedLeg } from '../legs/name-legs.js';
import { waits } from '../options.js';
import { callOf, onCall, type Scene } from './scene.js';

/** A consult call: who began it, with whom, and what became of it (docs/design/CONVERSATIONS.md#25-disconnecttype, docs/design/CONVERSATIONS.md#8-clarifications (2)). */
export type Consult = {
  readonly callUUID: string;
  /** The initiator's leg on the consult call, and the one on the call that was put on hold for it. */
  readonly initiator: NamedLeg | undefined;
  readonly initiatorOnRoot: NamedLeg | undefined;
  readonly outcome: 'running' | 'undecided' | 'transfer' | 'conference' | 'over';
  /** When it came to that outcome. */
  readonly atMs: number | undefined;
  /** DNs of the consult call that came to the root call. */
  readonly arrived: ReadonlySet<string>;
};

export function consultsOf(scene: Scene): Consult[] {
  return scene.contact.calls
    .filter(({ isConsult }) => isConsult)
    .map(({ callUUID }) => consultOf(callUUID, scene));
}

function consultOf(callUUID: string, scene: Scene): Consult {
  const legs = onCall(scene, callUUID).filter(({ role }) => role !== 'queue');
  const root = scene.contact.rootCallUUID;
  const agents = legs.filter(({ role }) => role === 'agent');
  const wasOnRoot = (leg: NamedLeg) => rootLegOf(leg, scene) !== undefined;
  const initiator = agents.find(wasOnRoot) ?? agents.at(0);
  const initiatorOnRoot = initiator && rootLegOf(initiator, scene);
  const targets = legs.filter((leg) => leg.place !== initiator?.place);
  const arrivals = scene.contact.presences.filter(
    (presence) => presence.callUUID === root && targets.some((leg) => isArrivalOf(leg, presence)),
  );
  const facts = { callUUID, initiator, initiatorOnRoot };
  const arrived = new Set(arrivals.map(({ dn }) => dn));
  const [first] = arrivals;
  if (first !== undefined) {
    return { ...facts, arrived, ...completion(first.addedAtMs, initiatorOnRoot, scene) };
  }
  const endMs = endOfConsult(callUUID, legs, scene);
  if (endMs === undefined) return { ...facts, arrived, outcome: 'running', atMs: undefined };
  const isSettled = scene.feed.isSettled(endMs, waits.handoverMs);
  return { ...facts, arrived, outcome: isSettled ? 'over' : 'undecided', atMs: endMs };
}

/** The initiator who leaves about when the target arrives has transferred; who stays has made a conference. */
function completion(
  arrivedAtMs: number,
  initiatorOnRoot: NamedLeg | undefined,
  { feed }: Scene,
): Pick<Consult, 'outcome' | 'atMs'> {
  const leftAtMs = initiatorOnRoot?.goneAtMs;
  const atMs = arrivedAtMs;
  if (leftAtMs !== undefined) {
    const isTransfer = Math.abs(leftAtMs - arrivedAtMs) <= waits.handoverMs;
    return { outcome: isTransfer ? 'transfer' : 'conference', atMs };
  }
  return { outcome: feed.isSettled(atMs, waits.handoverMs) ? 'conference' : 'undecided', atMs };
}

function rootLegOf(leg: NamedLeg, scene: Scene): NamedLeg | undefined {
  return onCall(scene, scene.contact.rootCallUUID)
    .filter(
      ({ place, role, startMs, goneAtMs = Infinity }) =>
        place === leg.place &&
        role === 'agent' &&
        startMs <= leg.startMs &&
        goneAtMs >= leg.startMs,
    )
    .at(-1);
}

function isArrivalOf(target: NamedLeg, presence: Presence): boolean {
  return (
    presence.dn === target.place &&
    presence.addedAtMs >= target.startMs &&
    presence.addedAtMs <= (target.goneAtMs ?? Infinity) + waits.handoverMs
  );
}

/** When there is no longer anybody to talk to. */
function endOfConsult(
  callUUID: string,
  legs: readonly NamedLeg[],
  scene: Scene,
): number | undefined {
  const deletedAtMs = callOf(scene, callUUID)?.deletedAtMs;
  const ends = legs.map(({ goneAtMs }) => goneAtMs);
  if (legs.length > 1 && !ends.includes(undefined)) return Math.max(...ends.map((end) => end ?? 0));
  return deletedAtMs;
}
