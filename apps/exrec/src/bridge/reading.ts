import {
  contactOf,
  emptyJournal,
  foldInteraction,
  grouped,
  isInScope,
  matchesGlob,
  orderEvents,
  planConversation,
  type CallEvent,
  type ConversationPlan,
  type GcDirectory,
  type HybridIntegration,
  type Interaction,
} from '@exrec/excp';
import { deterministicUuid } from '@exrec/gc-metadata';

/** What EXCP makes of the calls that belong together. */
export type Reading = {
  readonly interaction: Interaction;
  /** Each once, in the order in which they count. */
  readonly events: readonly CallEvent[];
  /** False: none of its agents, DNs and queues is in the sync scope, and GC is told nothing. */
  readonly isTold: boolean;
  readonly plan: ConversationPlan;
};

const dayMs = 86_400_000;

/** Each interaction of the events, by beginning: folded and planned as EXCP does when it is over. */
export function readInteractions(
  events: readonly CallEvent[],
  rules: HybridIntegration | undefined,
  directory = everybody,
): Reading[] {
  return [...interactionsOf(events).values()]
    .map((own) => readInteraction(own, rules, directory))
    .toSorted((left, right) => startOf(left) - startOf(right));
}

function readInteraction(
  own: readonly CallEvent[],
  rules: HybridIntegration | undefined,
  directory: GcDirectory,
): Reading {
  const events = orderEvents(own);
  const interaction = foldInteraction(own.map((event) => ({ kind: 'event', event })));
  const lastMs = events.at(-1)?.timeMs ?? 0;
  const plan = planConversation({
    contact: contactOf(interaction, []),
    journal: emptyJournal,
    directory,
    options: {
      recordedParties: ['agents'],
      unknownAgent: 'phone',
      transferEvents: true,
      isIvr: (dn) => (rules?.ivrDns ?? []).some((pattern) => matchesGlob(pattern, dn)),
    },
    nowMs: lastMs + dayMs,
    latestMs: lastMs + dayMs,
    lastSeenAtMs: lastMs,
    isOver: true,
  });
  const isTold = isInScope(interaction, { syncScope: rules?.syncScope });
  return { interaction, events, isTold, plan };
}

/** Genesys Cloud as if it knew every agent and queue: a feed is not to blame for what is missing there. */
const everybody: GcDirectory = {
  sourceId: deterministicUuid('communication', 'bridge check'),
  userIdOf: (agentId) => deterministicUuid('communication', `user/${agentId}`),
  queueIdOf: (queue) => deterministicUuid('communication', `queue/${queue}`),
};

const startOf = ({ events }: Reading) => events[0]?.timeMs ?? 0;

/** Calls that name each other as parents belong together, whichever event says so. */
function interactionsOf(events: readonly CallEvent[]): Map<string, CallEvent[]> {
  const above = new Map<string, string>();
  const topOf = (callUUID: string): string => {
    let top = callUUID;
    for (let next = above.get(top); next !== undefined; next = above.get(top)) top = next;
    return top;
  };
  for (const { callUUID, parentCallUUID } of events) {
    if (parentCallUUID === undefined) continue;
    const [child, parent] = [topOf(callUUID), topOf(parentCallUUID)];
    if (child !== parent) above.set(child, parent);
  }
  return grouped(events, ({ callUUID }) => topOf(callUUID));
}
