import { conversationIdOf, gcEventIdOf } from '@exrec/gc-metadata';
import type { Logger, PeriodicJob } from '@exrec/service-kit';
import type { CallLog } from '../../call-log/call-log.js';
import type { KeptInteraction } from '../../call-log/kept-interaction.js';
import { refusedComesUntilMs } from '../../interaction/index.js';
import { communicationIdOfLeg } from '../journal/journal.js';
import type { NewEvent } from '../events/news.js';
import type { ConversationMetrics } from '../metrics/conversation-metrics.js';
import type { ConversationStore } from '../store/conversation-store.js';
import type { OpenLeg } from '../store/open-legs.js';
import type { Planner } from './planner.js';

export type ClosingSweepOptions = {
  readonly callLog: Pick<CallLog, 'load'>;
  readonly store: ConversationStore;
  readonly planner: Planner;
  readonly maxInteractionMs: number;
  readonly quietPeriodMs: number;
  /** For how long the fleet could take what it was sent, without a break. */
  readonly takingForMs: () => number;
  readonly metrics: ConversationMetrics;
  readonly logger: Logger;
  readonly now: () => number;
};

const everyMs = 60_000;

/**
 * Ends legs that nobody else has ended (docs/design/CONVERSATIONS.md#44-every-opened-leg-is-ended (3)): of interactions that are over, silent for too long, or
 * gone from Redis. All of it happens by itself elsewhere; this is for the day on which it did not.
 */
export class ClosingSweep {
  readonly #options: ClosingSweepOptions;

  constructor(options: ClosingSweepOptions) {
    this.#options = options;
  }

  /** For `startPeriodicJobs`. */
  get job(): PeriodicJob {
    return { name: 'conversation-sweep', everyMs, run: () => this.sweep() };
  }

  async sweep(): Promise<void> {
    const { store, metrics, logger } = this.#options;
    for (const [conversation, legs] of await store.open()) {
      const closed = await this.#close(conversation, legs);
      if (closed === 0) continue;
      metrics.sweptLegs(closed);
      logger.warn('conversation.legs-swept', { interactionId: conversation, legs: closed });
    }
  }

  /** @returns the number of legs that were ended */
  async #close(conversation: string, legs: readonly OpenLeg[]): Promise<number> {
    const { callLog, planner, store } = this.#options;
    const kept = await callLog.load(conversation);
    if (kept === undefined) {
      await store.closeGone(conversation, endsOf(conversation, legs));
      return legs.length;
    }
    if (kept.ended === undefined && !this.#isSilent(kept)) return 0;
    return (await planner.closeAll(kept)) ? legs.length : 0;
  }

  #isSilent({ lastSeenAtMs }: KeptInteraction): boolean {
    const { maxInteractionMs, quietPeriodMs, takingForMs, now } = this.#options;
    const facts = { nowMs: now(), quietPeriodMs, takingForMs: takingForMs() };
    return Math.max(lastSeenAtMs + maxInteractionMs, refusedComesUntilMs(facts)) <= facts.nowMs;
  }
}

/** The end of each leg, at the last time that its conversation was told of. */
function endsOf(conversation: string, legs: readonly OpenLeg[]): NewEvent[] {
  return legs.map((leg, position) => {
    const atMs = leg.lastAtMs + 1 + position;
    const communicationId = communicationIdOfLeg(leg);
    const kind = 'communicationEnded';
    return {
      entry: {
        ...{ conversation, index: `${1_000_000 + leg.index}`, leg: leg.index, kind, key: '' },
        ...{ atMs, state: 'planned' },
      },
      json: JSON.stringify({
        eventId: gcEventIdOf(communicationId, kind, atMs),
        eventDateTime: new Date(atMs).toISOString(),
        conversationId: conversationIdOf(conversation),
        communicationId,
        disconnectType: 'System',
      }),
    };
  });
}
