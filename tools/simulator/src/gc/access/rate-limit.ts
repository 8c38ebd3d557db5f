import type { Clock } from '../clock.js';
import { rateLimited } from '../http/gc-error.js';

const WINDOW_MS = 60_000;

/** Requests per minute of each OAuth client, counted in fixed windows (docs/reference/genesys-facts.md#52-rate-limits-and-retry). */
export class RateLimit {
  requestsPerMinute: number;
  readonly #windows = new Map<string, { readonly startedAtMs: number; count: number }>();
  readonly #clock: Clock;

  constructor(requestsPerMinute: number, clock: Clock) {
    this.requestsPerMinute = requestsPerMinute;
    this.#clock = clock;
  }

  /**
   * Counts a request of this client and gives the headers that tell it where it stands.
   * @throws GcError 429 when the window is full
   */
  count(clientId: string): Record<string, string> {
    const now = this.#clock.now();
    let window = this.#windows.get(clientId);
    if (!window || now < window.startedAtMs || now >= window.startedAtMs + WINDOW_MS) {
      window = { startedAtMs: now, count: 0 };
      this.#windows.set(clientId, window);
    }
    const resetSeconds = Math.ceil((window.startedAtMs + WINDOW_MS - now) / 1_000);
    if (window.count >= this.requestsPerMinute) throw rateLimited(resetSeconds);
    window.count += 1;
    return {
      'inin-ratelimit-allowed': `${this.requestsPerMinute}`,
      'inin-ratelimit-count': `${window.count}`,
      'inin-ratelimit-reset': `${resetSeconds}`,
    };
  }

  /** Forgets what was counted. */
  clear(): void {
    this.#windows.clear();
  }
}
