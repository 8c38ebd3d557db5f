/** What a request is for, most urgent first. */
export type CallKind = 'conversation' | 'upload' | 'report' | 'configuration';

/** What an answer of GC says about the limit: how many requests are left, until when. */
export type RateSignal = { readonly remaining: number; readonly resetMs: number };

/**
 * The requests that GC allows to our OAuth clients, shared by every process of the fleet
 * (docs/design/FAILURES.md#4-the-cases (34), (docs/reference/genesys-facts.md#52-rate-limits-and-retry)).
 */
export interface RateBudget {
  /**
   * Waits until one request may be made and says by which of the clients (by key).
   * Conversations go before uploads, uploads before reports, reports before configuration; who waits long enough is served
   * whatever its kind.
   * @throws Failure (later) `gc-rate-limited` when all clients are paused for long,
   *   `gc-unavailable` when the budget cannot be asked or `signal` aborts
   */
  take(kind: CallKind, clientKeys: readonly string[], signal?: AbortSignal): Promise<string>;
  /** Nobody uses this client for `forMs`. Pauses are only ever lengthened. */
  pause(clientKey: string, forMs: number): Promise<void>;
  /** Takes note of `inin-ratelimit-*`: never more requests than GC says are left. */
  observe(clientKey: string, signal: RateSignal): Promise<void>;
}
