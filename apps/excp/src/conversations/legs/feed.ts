import type { Contact } from '../contact/contact.js';

export type FeedFacts = {
  readonly contact: Contact;
  readonly nowMs: number;
  /** When anything last came for the interaction, by our clock. */
  readonly lastSeenAtMs: number;
  /** The interaction is over: nothing is waited for any more. */
  readonly isOver: boolean;
};

/** How far the feed has come: whether what would follow something within a while would be known by now. */
export class Feed {
  readonly #facts: FeedFacts;
  #againAtMs = Infinity;

  constructor(facts: FeedFacts) {
    this.#facts = facts;
  }

  /**
   * Whether something at `atMs` has been followed by all that could follow within `waitMs`: the feed has come further
   * than that, or nothing has come for so long. Event times belong to a clock of their own.
   */
  isSettled(atMs: number, waitMs: number): boolean {
    const { contact, nowMs, lastSeenAtMs, isOver } = this.#facts;
    if (isOver || contact.feedAtMs > atMs + waitMs || nowMs >= lastSeenAtMs + waitMs) return true;
    this.#againAtMs = Math.min(this.#againAtMs, lastSeenAtMs + waitMs);
    return false;
  }

  /** When to ask again, if anything was not settled; Infinity when all was. */
  get againAtMs(): number {
    return this.#againAtMs;
  }
}
