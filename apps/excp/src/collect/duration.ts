/** No recording of a call is longer than a week. */
export const maxDurationMs = 7 * 24 * 3_600_000;

/** Times without milliseconds make the span uncertain by up to a second; below this it says nothing. */
const leastSpanMs = 500;

/** Bytes a second of a recording, mono or stereo, whatever its codec: 4 to 512 kbit/s. */
const leastRate = 500;
const mostRate = 64_000;
/** As seconds that would be hours: without anything else to go by, such a number is in ms. */
const surelyMs = 10_000;

export type DurationHints = {
  /** `stopTime − startTime` */
  readonly spanMs: number | undefined;
  readonly sizeBytes: number | undefined;
};

/**
 * A `duration` in ms. Its unit differs between senders (docs/reference/genesys-facts.md#22-field-catalogue-of-one-media-file): whichever of milliseconds and seconds comes
 * nearer to `stopTime − startTime`. Without a span, a decimal point means seconds, and else the file's size decides: in
 * one of the two units it is an audio file, in the other it cannot be.
 * Undefined when the text is no number, is negative, makes more than a week, or may be either.
 */
export function durationInMs(text: string, hints: DurationHints): number | undefined {
  const value = plainNumber(text);
  if (value === undefined) return undefined;
  const unitMs = unitOf(text, value, hints);
  const durationMs = unitMs && Math.round(value * unitMs);
  return durationMs === undefined || durationMs > maxDurationMs ? undefined : durationMs;
}

function unitOf(text: string, value: number, { spanMs, sizeBytes = 0 }: DurationHints) {
  if (spanMs !== undefined) {
    const wanted = Math.max(spanMs, leastSpanMs);
    return distance(value * 1000, wanted) < distance(value, wanted) ? 1000 : 1;
  }
  if (text.includes('.') || value === 0) return 1000;
  if (isAudioRate(sizeBytes / value)) return 1000;
  return isAudioRate((sizeBytes * 1000) / value) || value >= surelyMs ? 1 : undefined;
}

function isAudioRate(bytesPerSecond: number): boolean {
  return bytesPerSecond >= leastRate && bytesPerSecond <= mostRate;
}

/** A number of zero or more, without exponent, sign or anything else. */
export function plainNumber(text: string): number | undefined {
  return /^\d{1,15}(\.\d{1,9})?$/.test(text) ? Number(text) : undefined;
}

/** How many times one is the other, as a logarithm: 1 ms of 1 s is as far as 1 s of 1000 s. */
function distance(leftMs: number, rightMs: number): number {
  return Math.abs(Math.log(Math.max(leftMs, Number.MIN_VALUE)) - Math.log(rightMs));
}
