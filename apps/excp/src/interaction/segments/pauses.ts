import { isJsonObject, ownValue, type JsonObject, type JsonValue } from '../feed/json-value.js';
import type { SegmentMetadata } from '../feed/segment-metadata.js';
import { parseTime } from '../feed/time-text.js';

/** A pause of the recording, for `annotations` of GC-metadata (docs/design/CONTRACTS.md#4-gc-metadata). */
export interface PauseAnnotation {
  readonly type: 'pause';
  readonly offsetMs: number;
  readonly durationMs: number;
}

const startNames = ['startTime', 'start', 'startOffset', 'offset', 'begin', 'from'];
const stopNames = ['stopTime', 'stop', 'endTime', 'end', 'stopOffset', 'endOffset', 'to'];
const lengthNames = ['duration', 'length'];

const maxMasks = 1000;
/** A quarter of an hour; as milliseconds it would be a second. */
const longestPauseSeconds = 900;

/**
 * Pauses from MCP's `masks`. What a mask looks like is not known (docs/reference/genesys-facts.md#22-field-catalogue-of-one-media-file), so: objects with a start (or offset)
 * and a stop or duration, in several spellings, each also with `Ms`; points in time, or numbers from the
 * start of the file, in seconds if they all fit into the recording as seconds and none would last a quarter of an hour,
 * else in milliseconds.
 * What can't be understood, or lies outside the recording, is left out and counted.
 */
export function pausesOf(segment: Pick<SegmentMetadata, 'masks' | 'startMs' | 'durationMs'>): {
  annotations: PauseAnnotation[];
  ignored: number;
} {
  const spans = segment.masks
    .slice(0, maxMasks)
    .flatMap((mask) => spanOf(mask, segment.startMs) ?? []);
  const longest = spans.reduce((most, span) => Math.max(most, longestBareNumber(span)), 0);
  // Half a second of grace, for a last pause that was rounded up.
  const fitsAsSeconds = longest * 1000 <= segment.durationMs + 500;
  const unitMs = fitsAsSeconds && spans.every(isPlausibleInSeconds) ? 1000 : 1;
  const annotations = spans.flatMap((span) => {
    const startsAtMs = toMs(span.offset, unitMs);
    const stopsAtMs = span.isLength ? startsAtMs + toMs(span.end, unitMs) : toMs(span.end, unitMs);
    const offsetMs = Math.max(0, startsAtMs);
    const durationMs = Math.min(segment.durationMs, stopsAtMs) - offsetMs;
    return durationMs > 0 ? [{ type: 'pause' as const, offsetMs, durationMs }] : [];
  });
  annotations.sort(
    (left, right) => left.offsetMs - right.offsetMs || left.durationMs - right.durationMs,
  );
  return { annotations, ignored: segment.masks.length - annotations.length };
}

/** A distance from the start of the file; the unit of bare numbers isn't known yet. */
interface Distance {
  readonly value: number;
  readonly isMs: boolean;
}

interface Span {
  readonly offset: Distance;
  readonly end: Distance;
  /** `end` counts from `offset`, not from the start of the file. */
  readonly isLength: boolean;
}

function spanOf(mask: JsonValue, startMs: number): Span | undefined {
  if (!isJsonObject(mask)) return undefined;
  const offset = distanceOf(mask, startNames, startMs);
  const stop = distanceOf(mask, stopNames, startMs);
  const end = stop ?? distanceOf(mask, lengthNames, undefined);
  return offset === undefined || end === undefined
    ? undefined
    : { offset, end, isLength: stop === undefined };
}

function longestBareNumber({ offset, end, isLength }: Span): number {
  const start = offset.isMs ? 0 : offset.value;
  return end.isMs ? start : Math.max(start, isLength ? start + end.value : end.value);
}

/** In a recording of hours 5000 and 3000 fit as seconds, too; but who pauses says a word to a caller, or hears a number. */
function isPlausibleInSeconds({ offset, end, isLength }: Span): boolean {
  if (end.isMs || (!isLength && offset.isMs)) return true;
  return (isLength ? end.value : end.value - offset.value) < longestPauseSeconds;
}

function distanceOf(
  mask: JsonObject,
  names: readonly string[],
  startMs: number | undefined,
): Distance | undefined {
  for (const name of names) {
    const exact = numberOf(ownValue(mask, `${name}Ms`));
    if (exact !== undefined) return { value: exact, isMs: true };
    const value = ownValue(mask, name);
    const atMs = startMs !== undefined && typeof value === 'string' ? parseTime(value) : undefined;
    if (atMs !== undefined && startMs !== undefined) return { value: atMs - startMs, isMs: true };
    const number = numberOf(value);
    if (number !== undefined) return { value: number, isMs: false };
  }
  return undefined;
}

function numberOf(value: JsonValue | undefined): number | undefined {
  const isNumber =
    typeof value === 'number' || (typeof value === 'string' && /^\d+(\.\d+)?$/.test(value.trim()));
  const number = Number(value);
  return isNumber && Number.isFinite(number) && number >= 0 ? number : undefined;
}

function toMs(distance: Distance, unitMs: number): number {
  return Math.round(distance.isMs ? distance.value : distance.value * unitMs);
}
