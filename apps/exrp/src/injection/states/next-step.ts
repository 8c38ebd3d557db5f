/** What became of an attempt that did not succeed. */
export type NextStep =
  { readonly state: 'waiting'; readonly nextTryAtMs: number } | { readonly state: 'failed' };

export type AttemptFailure = {
  readonly code: string;
  readonly retry: 'later' | 'never';
  readonly retryAfterMs: number | undefined;
};

export type Circumstances = {
  readonly nowMs: number;
  /** Attempts made so far, this one included. */
  readonly attempts: number;
  readonly audioDeadlineAtMs: number;
  /** A number from 0 to 1, drawn by the caller. */
  readonly jitter: number;
};

const firstDelayMs = 1_000;
const longestDelayMs = 300_000;
/** Share of the delay that jitter may add; the base is capped so that the sum stays below the longest delay. */
const jitterShare = 0.25;

/** Causes that only the audio file itself can mend; they end at the deadline (docs/design/CONTRACTS.md#36-what-may-happen-and-what-exrp-does). */
const boundByDeadline: readonly string[] = ['audio-missing', 'audio-incomplete'];

/**
 * The one place that turns a failure into its next action (docs/design/DESIGN.md#decisions (6), docs/design/CONTRACTS.md#36-what-may-happen-and-what-exrp-does):
 * exponential back-off with jitter, first retry after 1 s, never more than 5 min apart, a
 * `Retry-After` obeyed; missing or incomplete audio becomes a dead letter at its deadline.
 */
export function nextStep(failure: AttemptFailure, circumstances: Circumstances): NextStep {
  const { nowMs, audioDeadlineAtMs } = circumstances;
  if (failure.retry === 'never') return { state: 'failed' };
  if (!boundByDeadline.includes(failure.code)) {
    return { state: 'waiting', nextTryAtMs: nowMs + delayMs(failure, circumstances) };
  }
  if (nowMs >= audioDeadlineAtMs) return { state: 'failed' };
  const nextTryAtMs = Math.min(nowMs + delayMs(failure, circumstances), audioDeadlineAtMs);
  return { state: 'waiting', nextTryAtMs };
}

function delayMs(
  { retryAfterMs = 0 }: AttemptFailure,
  { attempts, jitter }: Circumstances,
): number {
  const exponential = firstDelayMs * 2 ** Math.min(Math.max(attempts - 1, 0), 20);
  const base = Math.min(exponential, longestDelayMs / (1 + jitterShare));
  return Math.round(Math.max(base, retryAfterMs) * (1 + jitterShare * jitter));
}
