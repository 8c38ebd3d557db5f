import type { Contact, Presence, RecordedStay } from '../contact/contact.js';
import { waits, type ConversationOptions, type GcDirectory } from '../options.js';
import type { Feed } from './feed.js';
import { syntheticCustomer, type Gap, type Leg, type LegKind } from './leg.js';
import { queueLegs } from './queue-legs.js';

export type LegFacts = {
  readonly contact: Contact;
  readonly directory: GcDirectory;
  readonly options: ConversationOptions;
  readonly feed: Feed;
  /** A customer without a trunk party has been opened before: the first trunk of the root call is that one. */
  readonly hasSyntheticCustomer: boolean;
};

export type PlannedLegs = { readonly legs: readonly Leg[]; readonly gaps: readonly Gap[] };

/** What of a contact becomes a leg (docs/design/CONVERSATIONS.md#21-legs), by beginning. Pure. */
export function planLegs(facts: LegFacts): PlannedLegs {
  const { contact } = facts;
  const stays = new Map<string, RecordedStay[]>();
  for (const stay of contact.recordings) {
    const key = keyOf(stay);
    stays.set(key, [...(stays.get(key) ?? []), stay]);
  }
  const present = new Set(contact.presences.map(keyOf));
  const ofParties = contact.presences.flatMap((presence) =>
    partyLeg(presence, stays.get(keyOf(presence)) ?? [], facts),
  );
  const ofRecordings = [...stays]
    .filter(([key]) => !present.has(key))
    .flatMap(([, recorded]) => recordedLeg(recorded, facts));
  const people = withCustomer([...ofParties, ...ofRecordings], facts);
  const { legs: ofQueues, gaps } = queueLegs(people, facts);
  const legs = [...people, ...ofQueues].toSorted((left, right) => left.startMs - right.startMs);
  return { legs, gaps: [...gaps, ...unknownAgents(people)] };
}

function keyOf({ callUUID, dn, ordinal }: Pick<Presence, 'callUUID' | 'dn' | 'ordinal'>): string {
  return `${callUUID}/${dn}/${ordinal}`;
}

function partyLeg(presence: Presence, recordings: RecordedStay[], facts: LegFacts): Leg[] {
  const { contact, options, feed } = facts;
  const { callUUID, dn, addedAtMs, answeredAtMs, goneAtMs, holds, agentId, queue } = presence;
  const who = whoIs(presence, recordings.length > 0, facts);
  if (who === undefined) return [];
  const isInboundTrunk = presence.party === 'trunk' && contact.direction !== 'outbound';
  const ringsFirst = answeredAtMs === undefined || answeredAtMs > addedAtMs;
  const alerting = who.kind !== 'ivr' && !isInboundTrunk && ringsFirst && contact.hasCallEvents;
  return [
    {
      kind: who.kind,
      role: who.role,
      userId: who.userId,
      callUUID,
      place: dn,
      number: presence.ordinal,
      goneAtMs,
      holds,
      agentId,
      queue,
      presence,
      recordings,
      isConsult: isConsult(callUUID, contact),
      startMs: addedAtMs,
      alerting,
      answeredAtMs: alerting ? answeredAtMs : addedAtMs,
      queueId: queueOfUser(queue, facts),
      visits: [],
      isUnclear:
        presence.party === 'agent' &&
        agentId === undefined &&
        options.unknownAgent !== 'skip' &&
        !feed.isSettled(addedAtMs, waits.identityMs),
    },
  ];
}

type Who = Pick<Leg, 'kind' | 'role' | 'userId'>;

/** The table of docs/design/CONVERSATIONS.md#21-legs, and 2.7 for agents whom GC does not know. */
function whoIs(
  { party, dn, agentId }: Pick<Presence, 'party' | 'dn' | 'agentId'>,
  isRecorded: boolean,
  { directory, options }: LegFacts,
): Who | undefined {
  if (party === 'trunk') return { kind: 'external', role: 'trunk', userId: undefined };
  if (party === 'agent') {
    const userId = agentId === undefined ? null : directory.userIdOf(agentId);
    if (userId) return { kind: 'user', role: 'agent', userId };
    if (options.unknownAgent === 'skip' && !isRecorded) return undefined;
    const kind: LegKind = options.unknownAgent === 'external' ? 'external' : 'phone';
    return { kind, role: 'agent', userId: undefined };
  }
  if (options.isIvr(dn)) return { kind: 'ivr', role: 'ivr', userId: undefined };
  return isRecorded ? { kind: 'phone', role: 'other', userId: undefined } : undefined;
}

/** A leg of which only its recordings tell: from the first start to the last stop (docs/design/CONVERSATIONS.md#3-worked-examples, docs/design/CONVERSATIONS.md (15) and docs/design/CONVERSATIONS.md (16)). */
function recordedLeg(recordings: RecordedStay[], facts: LegFacts): Leg[] {
  const [first] = recordings;
  const who = first && whoIs(first, true, facts);
  if (first === undefined || who === undefined) return [];
  const startMs = Math.min(...recordings.map((stay) => stay.startMs));
  const { callUUID, dn: place, ordinal: number, agentId, queue } = first;
  return [
    {
      ...who,
      ...{ callUUID, place, number, agentId, queue, recordings, startMs },
      isConsult: isConsult(callUUID, facts.contact),
      alerting: false,
      answeredAtMs: startMs,
      goneAtMs: Math.max(...recordings.map((stay) => stay.stopMs)),
      holds: [],
      queueId: queueOfUser(queue, facts),
      presence: undefined,
      visits: [],
      isUnclear: false,
    },
  ];
}

/** GC takes a user's queue only of outbound calls. */
function queueOfUser(
  queue: string | undefined,
  { contact, directory }: LegFacts,
): string | undefined {
  if (contact.direction !== 'outbound' || queue === undefined) return undefined;
  return directory.queueIdOf(queue) ?? undefined;
}

/**
 * The customer is the first trunk of the root call. A call from or to outside of which the feed shows no trunk
 * has a customer all the same, from its beginning to its end.
 */
function withCustomer(legs: readonly Leg[], facts: LegFacts): Leg[] {
  const { contact, hasSyntheticCustomer } = facts;
  if (contact.direction === 'internal') return [...legs];
  const trunk = legs
    .filter((leg) => leg.role === 'trunk' && leg.callUUID === contact.rootCallUUID)
    .toSorted((left, right) => left.startMs - right.startMs)
    .at(0);
  if (trunk !== undefined) {
    const customer: Leg = {
      ...trunk,
      role: 'customer',
      ...(hasSyntheticCustomer ? { place: syntheticCustomer, number: 1 } : {}),
    };
    return legs.map((leg) => (leg === trunk ? customer : leg));
  }
  const customer = syntheticLeg(legs, facts);
  return customer === undefined ? [...legs] : [customer, ...legs];
}

/** Undefined while the trunk of a call that an agent dials may still come. */
function syntheticLeg(legs: readonly Leg[], facts: LegFacts): Leg | undefined {
  const { contact, feed, hasSyntheticCustomer } = facts;
  const root = contact.calls.find(({ callUUID }) => callUUID === contact.rootCallUUID);
  const firstMs = Math.min(
    ...legs.map((leg) => leg.startMs),
    ...contact.visits.map((visit) => visit.enteredAtMs),
  );
  if (firstMs === Infinity) return undefined;
  const isOutbound = contact.direction === 'outbound';
  const mayCome = !hasSyntheticCustomer && !feed.isSettled(firstMs, waits.identityMs);
  const mayBeDialled = isOutbound && !hasSyntheticCustomer;
  if (mayBeDialled && !feed.isSettled(firstMs, waits.dialledMs)) return undefined;
  const ends = legs.map((leg) => leg.goneAtMs);
  const lastEndMs = ends.includes(undefined) ? undefined : Math.max(...ends.map((end) => end ?? 0));
  // Who dials is there before the one who is called.
  const startMs = isOutbound ? firstMs + 1 : Math.min(firstMs, startOf(root, contact));
  return {
    ...{ kind: 'external', role: 'customer', callUUID: contact.rootCallUUID, isConsult: false },
    ...{ place: syntheticCustomer, number: 1, startMs, alerting: false, answeredAtMs: startMs },
    goneAtMs: contact.hasCallEvents ? root?.deletedAtMs : lastEndMs,
    ...{ holds: [], userId: undefined, queueId: undefined, agentId: undefined, queue: undefined },
    ...{ presence: undefined, visits: [], recordings: [] },
    isUnclear: mayCome,
  };
}

function startOf(root: Contact['calls'][number] | undefined, { hasCallEvents }: Contact): number {
  return hasCallEvents ? (root?.startedAtMs ?? Infinity) : Infinity;
}

function isConsult(callUUID: string, { calls, rootCallUUID }: Contact): boolean {
  return calls.find((call) => call.callUUID === callUUID)?.isConsult ?? callUUID !== rootCallUUID;
}

function unknownAgents(legs: readonly Leg[]): Gap[] {
  return legs
    .filter(({ role, userId, isUnclear }) => role === 'agent' && userId === undefined && !isUnclear)
    .map(({ agentId, place }) => ({ kind: 'agent', name: agentId ?? place }));
}
