/** Our choice: no recording of a call is longer than a week. */
export const maxDurationMs = 7 * 24 * 3_600_000;

/** Times without milliseconds make the span uncertain by up to a second; below this it says nothing. */
const leastSpanMs = 500;

/**
 * A `duration` in ms. Its unit differs between senders [F 2.2]: whichever of milliseconds and seconds comes
 * nearer to `stopTime − startTime`. Without a span, a decimal point means seconds.
 * Undefined when the text is no number, is negative, or makes more than a week.
 */
export function durationInMs(text: string, spanMs: number | undefined): number | undefined {
  const value = plainNumber(text);
  if (value === undefined) return undefined;
  const isSeconds =
    spanMs === undefined
      ? text.includes('.')
      : distance(value * 1000, Math.max(spanMs, leastSpanMs)) <
        distance(value, Math.max(spanMs, leastSpanMs));
  const durationMs = Math.round(isSeconds ? value * 1000 : value);
  return durationMs <= maxDurationMs ? durationMs : undefined;
}

/** A number of zero or more, without exponent, sign or anything else. */
export function plainNumber(text: string): number | undefined {
  return /^\d{1,15}(\.\d{1,9})?$/.test(text) ? Number(text) : undefined;
}

/** How many times one is the other, as a logarithm: 1 ms of 1 s is as far as 1 s of 1000 s. */
function distance(leftMs: number, rightMs: number): number {
  return Math.abs(Math.log(Math.max(leftMs, Number.MIN_VALUE)) - Math.log(rightMs));
}
