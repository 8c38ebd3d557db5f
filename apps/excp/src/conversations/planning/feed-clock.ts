import type { Logger } from '@exrec/service-kit';

export type FeedClockOptions = { readonly logger: Logger; readonly now: () => number };

/** Clocks that differ by less are in sync. */
const toleratedMs = 5_000;
/** One line is enough for a while: each call has many events. */
const quietMs = 10 * 60_000;

/**
 * Notices a feed whose clock is ahead (docs/design/CONVERSATIONS.md#22-ids-and-sending-times): what happens then cannot be told with the
 * time that it names, which is in the future.
 */
export class FeedClock {
  readonly #options: FeedClockOptions;
  #toldAtMs = -Infinity;

  constructor(options: FeedClockOptions) {
    this.#options = options;
  }

  /** @param aheadMs how far the newest event of a call is ahead of now */
  see(aheadMs: number): void {
    const { logger, now } = this.#options;
    if (aheadMs <= toleratedMs || now() < this.#toldAtMs + quietMs) return;
    this.#toldAtMs = now();
    logger.warn('conversation.clock-ahead', { aheadSeconds: Math.round(aheadMs / 1000) });
  }
}
