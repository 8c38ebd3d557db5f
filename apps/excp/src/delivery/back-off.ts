const firstDelayMs = 1_000;
const longestDelayMs = 300_000;
/** Share of the delay that jitter may add; the base is capped so that the sum stays below the longest delay. */
const jitterShare = 0.25;

export type Retry = {
  /** Attempts made so far, from 1. */
  readonly attempts: number;
  /** What the other side asked for. */
  readonly retryAfterMs: number | undefined;
  /** A number from 0 to 1, drawn by the caller. */
  readonly jitter: number;
};

/** Milliseconds until the next try: from 1 s, doubling, never more than 5 min unless the other side wants more. */
export function backOffMs({ attempts, retryAfterMs = 0, jitter }: Retry): number {
  const exponential = firstDelayMs * 2 ** Math.min(Math.max(attempts - 1, 0), 20);
  const base = Math.min(exponential, longestDelayMs / (1 + jitterShare));
  return Math.round(Math.max(base, retryAfterMs) * (1 + jitterShare * jitter));
}
