type Answer = {
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
};

/** Longest pause we take from the other side; beyond it a value is a fault, not a wish. */
export const maxPauseMs = 15 * 60_000;
const minPauseMs = 1000;

/**
 * `Retry-After` in milliseconds from now, for seconds as well as for dates (docs/reference/genesys-facts.md#52-rate-limits-and-retry).
 * A date is compared with the answer's own `Date`, so our clock does not matter.
 * @returns `undefined` when there is none that can be read; else between 1 s and 15 min
 */
export function retryAfterMs(answer: Answer): number | undefined {
  const value = answer.headers['retry-after']?.trim();
  if (value === undefined || value === '') return undefined;
  const waitMs = /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1000 : untilDateMs(value, answer);
  return waitMs === undefined ? undefined : Math.min(Math.max(waitMs, minPauseMs), maxPauseMs);
}

function untilDateMs(value: string, answer: Answer): number | undefined {
  // Date.parse takes almost anything, even "-5": an HTTP date has a time of day.
  const thenMs = /\d\d:\d\d:\d\d/.test(value) ? Date.parse(value) : NaN;
  const nowMs = Date.parse(answer.headers.date ?? '');
  return Number.isNaN(thenMs) || Number.isNaN(nowMs) ? undefined : thenMs - nowMs;
}
