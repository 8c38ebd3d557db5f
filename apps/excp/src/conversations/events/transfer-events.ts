import type { Consult } from '../ends/consults.js';
import {
  callAfter,
  connected,
  customerOf,
  onCall,
  type LegEnd,
  type Scene,
} from '../ends/scene.js';
import { successorOf, type Successor } from '../ends/successor.js';
import type { EventKind } from '../journal/event-kind.js';
import type { NamedLeg } from '../legs/name-legs.js';
import { waits } from '../options.js';
import { ranks, type DesiredEvent } from './desired-event.js';

/** An agent who gives the call to somebody else without talking to them (docs/design/CONVERSATIONS.md#26-transfer-events). */
export function blindTransfer(leg: NamedLeg, end: LegEnd, scene: Scene): DesiredEvent[] {
  const isTransfer =
    end.state === 'ended' && ['Transfer', 'TransferACD', 'TransferUser'].includes(end.type);
  if (leg.role !== 'agent' || leg.isConsult || leg.goneAtMs === undefined || !isTransfer) return [];
  const successor = successorOf(leg, scene);
  const object = objectOf(leg, scene);
  const destination = successor?.leg;
  if (successor === undefined || object === undefined || destination === undefined) return [];
  const { kind, fields } = beginning(successor, destination);
  const begin: DesiredEvent = {
    ...{ kind, anchor: leg, conversation: leg.conversation, key: '', atMs: leg.goneAtMs },
    ...{ rank: ranks[kind], needs: [object] },
    command: { kind, anchor: leg, conversation: leg.conversation, key: '' },
    fields: {
      transferType: 'Unattended',
      initiatingCommunicationId: leg.communicationId,
      targetCommunicationId: leg.communicationId,
      objectCommunicationId: object.communicationId,
      ...fields,
    },
  };
  const arrivedAtMs = Math.max(destination.startMs, leg.goneAtMs);
  const follow = (kind: EventKind, atMs: number, fields: DesiredEvent['fields']): DesiredEvent => ({
    ...{ kind, anchor: object, conversation: leg.conversation, key: `${leg.index}`, atMs },
    ...{ rank: ranks[kind], needs: [leg, destination], command: begin.command },
    fields: { objectCommunicationId: object.communicationId, ...fields },
  });
  const final = finalState(leg, { successor, destination, arrivedAtMs }, scene);
  return [
    begin,
    follow('progressTransfer', arrivedAtMs, {
      destinationCommunicationId: destination.communicationId,
    }),
    ...(final === undefined
      ? []
      : [follow('endTransfer', final.atMs, { finalState: final.finalState })]),
  ];
}

function beginning(
  successor: Successor,
  destination: NamedLeg,
): { kind: EventKind; fields: Record<string, unknown> } {
  if (successor.kind === 'queue')
    return { kind: 'routingTransfer', fields: { destinationQueueId: destination.queueId } };
  if (destination.kind === 'user')
    return { kind: 'userTransfer', fields: { destinationUserId: destination.userId } };
  return { kind: 'phoneTransfer', fields: { destinationPhoneNumber: destination.place } };
}

type Arrival = {
  readonly successor: Successor;
  readonly destination: NamedLeg;
  readonly arrivedAtMs: number;
};

/** `Canceled` only when the call is back with who gave it away (docs/design/CONVERSATIONS.md#8-clarifications (7)). */
function finalState(
  leg: NamedLeg,
  { successor, destination, arrivedAtMs }: Arrival,
  scene: Scene,
): { finalState: 'Completed' | 'Canceled' | 'Failed'; atMs: number } | undefined {
  const { answeredAtMs, goneAtMs, startMs } = destination;
  if (successor.kind === 'queue') return { finalState: 'Completed', atMs: arrivedAtMs };
  const isAnswered =
    answeredAtMs !== undefined && (destination.alerting || answeredAtMs >= startMs);
  if (isAnswered) return { finalState: 'Completed', atMs: Math.max(answeredAtMs, arrivedAtMs) };
  if (goneAtMs === undefined) return undefined;
  const after = callAfter(scene, leg.callUUID, goneAtMs);
  if (after === 'over') return { finalState: 'Failed', atMs: goneAtMs };
  const back = onCall(scene, leg.callUUID).find(
    ({ place, role, startMs: backAtMs }) =>
      role === 'agent' &&
      place === leg.place &&
      backAtMs > (leg.goneAtMs ?? 0) &&
      backAtMs <= goneAtMs + waits.handoverMs,
  );
  if (back !== undefined) return { finalState: 'Canceled', atMs: Math.max(back.startMs, goneAtMs) };
  const isSettled = after === 'goes-on' && scene.feed.isSettled(goneAtMs, waits.handoverMs);
  return isSettled ? { finalState: 'Failed', atMs: goneAtMs } : undefined;
}

/** The one who is transferred: the customer, or the other agent of an internal call. */
function objectOf(leg: NamedLeg, scene: Scene): NamedLeg | undefined {
  const atMs = leg.goneAtMs ?? Infinity;
  const customer = customerOf(scene);
  if (customer !== undefined)
    return customer.conversation === leg.conversation ? customer : undefined;
  return connected(scene, leg.callUUID).find(
    (other) =>
      other !== leg &&
      other.conversation === leg.conversation &&
      other.startMs <= atMs &&
      (other.goneAtMs ?? Infinity) >= atMs,
  );
}

/** An agent who talks to somebody first (docs/design/CONVERSATIONS.md#26-transfer-events). */
export function consultTransfer(consult: Consult, scene: Scene): DesiredEvent[] {
  const { initiatorOnRoot: initiating, initiator } = consult;
  if (initiating === undefined || initiator === undefined) return [];
  const customer = customerOf(scene);
  const object =
    customer ?? connected(scene, initiating.callUUID).find((other) => other !== initiating);
  const others = onCall(scene, consult.callUUID).filter(
    (leg) => leg !== initiator && leg.role !== 'ivr',
  );
  const first = others.at(0);
  const isOne = [object, initiator, first].every(
    (leg) => leg?.conversation === initiating.conversation,
  );
  if (object === undefined || first === undefined || !isOne) return [];
  const step = (kind: EventKind, destination: NamedLeg): DesiredEvent => ({
    ...{ kind, anchor: initiating, conversation: initiating.conversation, key: consult.callUUID },
    ...{ atMs: destination.startMs, rank: ranks[kind], needs: [object, destination] },
    fields: {
      initiatingCommunicationId: initiating.communicationId,
      destinationCommunicationId: destination.communicationId,
      objectCommunicationId: object.communicationId,
    },
  });
  const begin = step('consultTransfer', first);
  const agent = first.role === 'queue' ? others.find(({ role }) => role !== 'queue') : undefined;
  const isDone = ['transfer', 'conference', 'over'].includes(consult.outcome);
  const end: DesiredEvent = {
    ...{ kind: 'endConsultTransfer', anchor: null, conversation: initiating.conversation },
    ...{ key: consult.callUUID, atMs: consult.atMs ?? 0, rank: ranks.endConsultTransfer },
    ...{ needs: [initiating, first], fields: {} },
  };
  return [
    begin,
    ...(agent === undefined ? [] : [step('progressConsultTransfer', agent)]),
    ...(isDone ? [end] : []),
  ];
}
