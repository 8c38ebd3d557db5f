import type { Contact } from './contact/contact.js';
import { consultsOf } from './ends/consults.js';
import { endOf } from './ends/disconnect-types.js';
import type { Scene } from './ends/scene.js';
import { ranks, type DesiredEvent } from './events/desired-event.js';
import type { ValueFacts } from './events/field-values.js';
import { legEvents } from './events/leg-events.js';
import { blindTransfer, consultTransfer } from './events/transfer-events.js';
import type { Journal } from './journal/journal.js';
import { newsOf, type News } from './events/news.js';
import { Feed } from './legs/feed.js';
import { syntheticCustomer, type Gap } from './legs/leg.js';
import { lostLegs, nameLegs, type NamedLeg } from './legs/name-legs.js';
import { planLegs } from './legs/plan-legs.js';
import { waits, type ConversationOptions, type GcDirectory } from './options.js';

export type PlanInput = {
  readonly contact: Contact;
  readonly journal: Journal;
  readonly directory: GcDirectory;
  readonly options: ConversationOptions;
  readonly nowMs: number;
  /** No event is told with a later time: that of GC's clock where it is behind ours. */
  readonly latestMs: number;
  /** When anything last came for the interaction, by our clock. */
  readonly lastSeenAtMs: number;
  /** The interaction has ended, by whatever reason. */
  readonly isOver: boolean;
};

export type ConversationPlan = News & {
  /** All legs of the contact, with their names; new ones as they will be named. */
  readonly named: readonly NamedLeg[];
  readonly gaps: readonly Gap[];
  /** When to plan again even if nothing new comes; Infinity: never. */
  readonly againAtMs: number;
};

/**
 * What GC shall be told next of a contact: its legs, their events, and of those what the journal lacks
 * (docs/design/CONVERSATIONS.md#2-from-engage-to-gc to docs/design/CONVERSATIONS.md#4-late-information). Pure: the same contact, journal and time give the same text.
 */
export function planConversation(input: PlanInput): ConversationPlan {
  const { contact, journal, directory, options } = input;
  const feed = new Feed(input);
  const hasSyntheticCustomer = journal.legs.some(({ place }) => place === syntheticCustomer);
  const planned = planLegs({ contact, directory, options, feed, hasSyntheticCustomer });
  const named = nameLegs(planned.legs, journal, contact);
  // Without call events nothing is sure before the end.
  if (!isReady(input, feed)) return { ...nothing, named, gaps: [], againAtMs: feed.againAtMs };
  const legs = [...named, ...lostLegs(named, journal)];
  const scene: Scene = { contact, legs, feed, isOver: input.isOver };
  const { desired, undecided } = desiredEvents(scene, { directory, options });
  const news = newsOf(desired, { journal, latestMs: input.latestMs, undecided });
  const gaps = [...planned.gaps, ...news.gaps];
  return { ...news, named, gaps, againAtMs: feed.againAtMs };
}

const nothing: News = { legs: [], events: [], gaps: [], mistimed: [] };

function isReady({ contact, isOver }: PlanInput, feed: Feed): boolean {
  if (!contact.hasCallEvents) return isOver;
  const orphan = contact.calls.find(({ lacksParent }) => lacksParent);
  return orphan === undefined || feed.isSettled(orphan.startedAtMs ?? 0, waits.parentMs);
}

type Desired = {
  readonly desired: readonly DesiredEvent[];
  /** The earliest moment of which something is not decided. */
  readonly undecided: { readonly atMs: number; readonly rank: number } | undefined;
};

function desiredEvents(
  scene: Scene,
  { directory, options }: Pick<PlanInput, 'directory' | 'options'>,
): Desired {
  const consults = consultsOf(scene);
  const initiators = new Map(consults.map(({ callUUID, initiator }) => [callUUID, initiator]));
  const { contact, legs } = scene;
  const caller = callerOf(scene);
  const facts: ValueFacts = { contact, options, sourceId: directory.sourceId, caller, initiators };
  const desired: DesiredEvent[] = [];
  const open: { atMs: number; rank: number }[] = [];
  for (const leg of legs) {
    if (leg.isUnclear) open.push({ atMs: leg.startMs, rank: ranks.externalEstablished });
    const end = endOf(leg, { scene, consults });
    if (end.state === 'undecided') open.push({ atMs: end.atMs, rank: ranks.userTransfer });
    desired.push(...legEvents(leg, { end, inviter: inviterOf(leg, scene, facts), facts }));
    if (options.transferEvents) desired.push(...blindTransfer(leg, end, scene));
  }
  if (options.transferEvents)
    desired.push(...consults.flatMap((consult) => consultTransfer(consult, scene)));
  const undecided = open.toSorted((a, b) => a.atMs - b.atMs || a.rank - b.rank).at(0);
  return { desired, undecided };
}

/** Who began the call, when that was an agent: of an internal call, and of one dialled by hand. */
function callerOf({ contact, legs }: Scene): NamedLeg | undefined {
  const onRoot = legs.filter(({ callUUID }) => callUUID === contact.rootCallUUID);
  const agent = onRoot.find(({ role }) => role === 'agent');
  if (contact.direction === 'internal') return agent;
  const customer = onRoot.find(({ role }) => role === 'customer');
  const isDialled =
    contact.direction === 'outbound' &&
    agent !== undefined &&
    customer !== undefined &&
    agent.startMs < customer.startMs;
  return isDialled ? agent : undefined;
}

/** Internal legs point back to the customer's (docs/design/CONVERSATIONS.md#14-how-gc-itself-builds-a-queue-call-the-model-to-imitate, docs/design/CONVERSATIONS.md#24-field-values). */
function inviterOf(leg: NamedLeg, scene: Scene, { caller, initiators }: ValueFacts) {
  const customer = scene.legs.find(({ role }) => role === 'customer');
  const initiator = initiators.get(leg.callUUID);
  const inviter = inviterByRole(leg, { customer, caller, initiator });
  return inviter?.conversation === leg.conversation ? inviter : undefined;
}

function inviterByRole(
  leg: NamedLeg,
  {
    customer,
    caller,
    initiator,
  }: Readonly<Record<'customer' | 'caller' | 'initiator', NamedLeg | undefined>>,
): NamedLeg | undefined {
  if (leg === customer) return caller;
  if (leg === caller) return undefined;
  if (leg.isConsult && initiator !== undefined && leg !== initiator) return initiator;
  return customer ?? caller;
}
