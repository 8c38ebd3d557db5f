import type { NamedLeg } from '../legs/name-legs.js';
import { waits } from '../options.js';
import type { Consult } from './consults.js';
import { routingEnd } from './routing-ends.js';
import {
  callAfter,
  connected,
  customerOf,
  ended,
  leftFirst,
  open,
  releaserOf,
  undecided,
  type LegEnd,
  type Scene,
} from './scene.js';
import { successorOf, type Successor } from './successor.js';

export type EndFacts = { readonly scene: Scene; readonly consults: readonly Consult[] };

/** When and how a leg ends (docs/design/CONVERSATIONS.md#25-disconnecttype): the first row that fits. Pure. */
export function endOf(leg: NamedLeg, { scene, consults }: EndFacts): LegEnd {
  const { isOver } = scene;
  if (leg.role === 'queue') {
    const end = routingEnd(leg, scene);
    return end.state === 'open' && isOver ? lastHeard(leg, scene) : end;
  }
  const { goneAtMs } = leg;
  if (goneAtMs === undefined) return isOver ? lastHeard(leg, scene) : open;
  const type = typeOf({ leg, goneAtMs, scene, consults });
  return type === undefined ? undecided(goneAtMs) : ended(goneAtMs, type);
}

/** Also by recordings, which may be longer than what events tell. */
function lastHeard(leg: NamedLeg, { contact, legs }: Scene): LegEnd {
  const ends = legs.map(({ goneAtMs }) => goneAtMs ?? 0);
  return ended(Math.max(contact.feedAtMs, leg.startMs, ...ends), 'System');
}

type Gone = {
  readonly leg: NamedLeg;
  readonly goneAtMs: number;
  readonly scene: Scene;
  readonly consults: readonly Consult[];
};
type Type = (LegEnd & { state: 'ended' })['type'] | undefined;

function typeOf(gone: Gone): Type {
  const { leg } = gone;
  if (leg.role === 'customer') return customerType(gone);
  if (leg.role === 'ivr') return ivrType(gone);
  if (leg.answeredAtMs === undefined) return unansweredType(gone);
  if (leg.isConsult) return consultType(gone);
  return rootType(gone);
}

function unansweredType({ leg, goneAtMs, scene }: Gone): Type {
  const customer = customerOf(scene);
  const hasLeft = !leg.isConsult && (customer?.goneAtMs ?? Infinity) <= goneAtMs;
  if (hasLeft) return 'Peer';
  if (hasFollower(leg, goneAtMs, scene)) return 'System';
  const after = callAfter(scene, leg.callUUID, goneAtMs);
  if (after === 'unknown') return undefined;
  return after === 'over' ? 'Peer' : 'System';
}

/** Somebody came, or the call was queued, after this moment: it went on. */
function hasFollower({ callUUID }: NamedLeg, atMs: number, { contact }: Scene): boolean {
  return (
    contact.presences.some((one) => one.callUUID === callUUID && one.addedAtMs > atMs) ||
    contact.visits.some((one) => one.callUUID === callUUID && one.enteredAtMs > atMs)
  );
}

/** An agent, or an outside party other than the customer, on the root call. */
function rootType(gone: Gone): Type {
  const { leg, goneAtMs, scene, consults } = gone;
  const own = consults.find(({ initiatorOnRoot }) => initiatorOnRoot === leg);
  if (own?.outcome === 'transfer') return 'TransferConsult';
  const after = callAfter(scene, leg.callUUID, goneAtMs);
  if (after === 'over') return hungUp(leg, scene);
  const successor = successorOf(leg, scene);
  if (successor !== undefined && leg.role === 'agent') return successorType(successor);
  if (after === 'unknown' || !scene.feed.isSettled(goneAtMs, waits.handoverMs)) return undefined;
  const stays = connected(scene, leg.callUUID).some(
    (other) =>
      other !== leg &&
      other.role === 'agent' &&
      other.startMs < goneAtMs &&
      (other.goneAtMs ?? Infinity) > goneAtMs,
  );
  if (!stays) return 'Transfer';
  const releaser = leg.presence?.releasedBy;
  return releaser !== undefined && releaser !== leg.place ? 'Peer' : 'Self';
}

function hungUp(leg: NamedLeg, scene: Scene): Type {
  const releaser = releaserOf(scene, leg);
  if (releaser !== undefined) return releaser === leg.place ? 'Self' : 'Peer';
  return leftFirst(scene, leg) ? 'Self' : 'Peer';
}

function successorType(successor: Successor): Type {
  if (successor.kind === 'queue') return 'TransferACD';
  return successor.leg.kind === 'user' ? 'TransferUser' : 'Transfer';
}

function consultType({ leg, goneAtMs, scene, consults }: Gone): Type {
  const consult = consults.find(({ callUUID }) => callUUID === leg.callUUID);
  if (consult === undefined) return 'System';
  const isInitiator = consult.initiator === leg;
  switch (consult.outcome) {
    case 'undecided':
      return undefined;
    case 'transfer':
      if (isInitiator) return 'TransferConsult';
      if (consult.arrived.has(leg.place)) return 'System';
      break;
    case 'conference':
      if (isInitiator || consult.arrived.has(leg.place)) return 'TransferConference';
      break;
    default:
      if (!scene.feed.isSettled(goneAtMs, waits.handoverMs)) return undefined;
  }
  const releaser = releaserOf(scene, leg);
  if (releaser !== undefined) return releaser === leg.place ? 'Self' : 'Peer';
  const others = connected(scene, leg.callUUID).filter((other) => other !== leg);
  const first = Math.min(...others.map((other) => other.goneAtMs ?? Infinity));
  // Of two who leave at once it is taken to be the initiator.
  return goneAtMs < first || (goneAtMs === first && isInitiator) ? 'Self' : 'Peer';
}

function customerType({ leg, goneAtMs, scene }: Gone): Type {
  const { contact } = scene;
  const agents = connected(scene, leg.callUUID).filter(({ role }) => role === 'agent');
  if (contact.direction === 'outbound' && leg.answeredAtMs === undefined) {
    return agents.some(({ startMs }) => startMs <= goneAtMs) ? 'Peer' : 'System';
  }
  const releaser = releaserOf(scene, leg);
  if (releaser !== undefined && releaser !== leg.place) {
    return agents.some(({ place }) => place === releaser) ? 'Peer' : 'Self';
  }
  if (releaser !== undefined) return 'Self';
  const last = Math.max(-Infinity, ...agents.map((agent) => agent.goneAtMs ?? Infinity));
  if (last === -Infinity || last >= goneAtMs) return 'Self';
  const after = callAfter(scene, leg.callUUID, last);
  if (after === 'unknown') return undefined;
  return after === 'over' ? 'Peer' : 'Self';
}

function ivrType({ leg, goneAtMs, scene }: Gone): Type {
  const { contact, feed } = scene;
  const isNext = (one: { readonly callUUID: string }, atMs: number) =>
    one.callUUID === leg.callUUID &&
    atMs > leg.startMs &&
    Math.abs(atMs - goneAtMs) <= waits.handoverMs;
  const isFollowed =
    contact.visits.some((visit) => isNext(visit, visit.enteredAtMs)) ||
    scene.legs.some(
      (other) => (other.role === 'agent' || other.role === 'ivr') && isNext(other, other.startMs),
    );
  if (isFollowed) return 'Transfer';
  const after = callAfter(scene, leg.callUUID, goneAtMs);
  if (after === 'over')
    return (customerOf(scene)?.goneAtMs ?? Infinity) > goneAtMs ? 'Self' : 'Peer';
  return after === 'goes-on' && feed.isSettled(goneAtMs, waits.handoverMs) ? 'Transfer' : undefined;
}
