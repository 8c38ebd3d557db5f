import type { Metrics } from '@exrec/service-kit';
import type { Gap } from '../legs/leg.js';
import type { JournalState } from '../journal/journal.js';
import type { ConversationStore } from '../store/conversation-store.js';

/** What is counted about conversations. */
export type ConversationMetrics = {
  planned(events: number, newGaps: readonly Gap['kind'][]): void;
  /** Told before, with a time that turned out to be wrong. */
  mistimed(events: number): void;
  settled(state: JournalState, count?: number): void;
  /** @param sinceMs how long after the call event, or its decision, GC had taken it */
  taken(sinceMs: number): void;
  request(outcome: string): void;
  sweptLegs(count: number): void;
  /** Refused for good by GC. */
  legsRefused(count: number): void;
};

export function conversationMetrics(metrics: Metrics): ConversationMetrics {
  const events = metrics.counter(
    'exrec_conversation_events_total',
    'events for Genesys Cloud by what became of them',
    ['state'],
  );
  const gaps = metrics.counter(
    'exrec_conversation_gaps_total',
    'agents and queues that Genesys Cloud does not know, once for each interaction',
    ['kind'],
  );
  const mistimed = metrics.counter(
    'exrec_conversation_events_mistimed_total',
    'events whose time, as learnt after they were told, is more than a second off',
  );
  const requests = metrics.counter(
    'exrec_conversation_requests_total',
    'requests that carried events',
    ['outcome'],
  );
  const swept = metrics.counter(
    'exrec_conversation_legs_swept_total',
    'legs that only the sweep has ended',
  );
  const refused = metrics.counter(
    'exrec_conversation_legs_refused_total',
    'legs that Genesys Cloud refused for good; their recordings have the flag conversation-gap',
  );
  const seconds = metrics.histogram({
    name: 'exrec_conversation_event_seconds',
    help: 'from the time of a call event to the answer of Genesys Cloud',
    labelNames: [],
  });
  return {
    planned: (count, newGaps) => {
      if (count > 0) events.inc({ state: 'planned' }, count);
      for (const kind of newGaps) gaps.inc({ kind });
    },
    mistimed: (count) => {
      if (count > 0) mistimed.inc(count);
    },
    settled: (state, count = 1) => events.inc({ state }, count),
    taken: (sinceMs) => seconds.observe({}, Math.max(0, sinceMs) / 1000),
    request: (outcome) => requests.inc({ outcome }),
    sweptLegs: (count) => swept.inc(count),
    legsRefused: (count) => {
      if (count > 0) refused.inc(count);
    },
  };
}

export type ConversationGauges = { refresh(): Promise<void> };

/** Gauges about what is in Redis: the same whichever instance is asked. */
export function conversationGauges(
  metrics: Metrics,
  store: Pick<ConversationStore, 'openCount' | 'backlog'>,
  now: () => number,
): ConversationGauges {
  const open = metrics.gauge('exrec_conversations_open', 'conversations with a leg that goes on');
  const pending = metrics.gauge(
    'exrec_conversations_unsent',
    'conversations with events that Genesys Cloud has not taken',
  );
  const oldest = metrics.gauge(
    'exrec_oldest_unsent_event_seconds',
    'how long the oldest of them has been waiting',
  );
  return {
    refresh: async () => {
      const [openCount, { conversations, oldestAtMs }] = await Promise.all([
        store.openCount(),
        store.backlog(),
      ]);
      open.set(openCount);
      pending.set(conversations);
      oldest.set(oldestAtMs === undefined ? 0 : Math.max(0, now() - oldestAtMs) / 1000);
    },
  };
}
