import { isMediaId } from '@exrec/gc-metadata';
import {
  callTypes,
  isJsonArray,
  isJsonObject,
  ownValue,
  parseTime,
  textOf,
  type CallType,
  type JsonObject,
  type JsonValue,
  type MetadataFlag,
  type SegmentMetadata,
} from '../interaction/index.js';
import { callUUIDOf } from './call-uuid.js';
import { durationInMs, maxDurationMs, plainNumber } from './duration.js';
import { readEventHistory } from './event-history.js';
import type { FieldFault } from './rejection.js';

export interface MediaFileContext {
  readonly source: SegmentMetadata['source'];
  /** The recording around the media file, without its `mediaFiles`. */
  readonly envelope?: JsonObject | undefined;
}

export type MediaFileReading =
  | { readonly ok: true; readonly segment: SegmentMetadata }
  | { readonly ok: false; readonly mediaId?: string | undefined; readonly fault: FieldFault };

/** Signals the first field that makes a media file useless; caught in `readMediaFile`. */
class UnusableField extends Error {
  constructor(readonly fault: FieldFault) {
    super(fault.reason);
  }
}

/**
 * Reads one media file (docs/reference/genesys-facts.md#22-field-catalogue-of-one-media-file), lenient in form and strict in meaning (docs/design/CONTRACTS.md#21-mcp-pushes-metadata). An absent, null or empty
 * field is absent. MCP does not repeat what was refused, so one that cannot be read is absent, too, and flagged: of start
 * (`parameters.dateTime` stands in for it), stop and duration two are enough. Refused: less than
 * that, an end more than 2 s before the start, years outside 2000 to 2099, and more than a week.
 */
export function readMediaFile(mediaFile: JsonValue, context: MediaFileContext): MediaFileReading {
  if (!isJsonObject(mediaFile))
    return { ok: false, fault: { pointer: '', reason: 'is not an object' } };
  const mediaId = ownValue(mediaFile, 'mediaId');
  if (!isMediaId(mediaId)) {
    const reason = 'mediaId is not a plain file name of 1 to 255 characters';
    return { ok: false, fault: { pointer: '/mediaId', reason } };
  }
  try {
    return { ok: true, segment: segmentOf(mediaFile, mediaId, context) };
  } catch (error) {
    if (error instanceof UnusableField) return { ok: false, mediaId, fault: error.fault };
    throw error;
  }
}

function segmentOf(
  mediaFile: JsonObject,
  mediaId: string,
  { source, envelope }: MediaFileContext,
): SegmentMetadata {
  const callUUID = callUUIDOf(mediaFile, mediaId, envelope);
  if (callUUID === undefined)
    throw unusable('callUUID', 'is missing, and nothing stands in for it');
  const parameters = textParameters(ownValue(mediaFile, 'parameters'));
  const ofEnvelope = (name: string) =>
    envelope === undefined ? undefined : ownValue(envelope, name);
  const masks = ownValue(mediaFile, 'masks');
  const size = read(mediaFile, 'size', wholeNumber);
  const { times, flags } = timesOf(mediaFile, { parameters, size });
  // RWS speaks of GIR's own mp3 (docs/design/CONTRACTS.md#24-gir-rws): its size and type say nothing about the file that we inject.
  const isOurs = source === 'mcp';
  if (isOurs && size === 'unreadable') flags.push('size-unreadable');
  const sizeBytes = size === 'unreadable' ? undefined : size;
  return {
    mediaId,
    callUUID,
    source,
    ...times,
    ...(isOurs ? { sizeBytes, contentType: textOf(ownValue(mediaFile, 'type')) } : {}),
    agentId: ownValue(parameters, 'agentId'),
    recordDN: ownValue(parameters, 'recordDN'),
    ani: ownValue(parameters, 'ani') ?? textOf(ofEnvelope('callerPhoneNumber')),
    dnis: ownValue(parameters, 'dnis') ?? textOf(ofEnvelope('dialedPhoneNumber')),
    callType: callTypeOf(ofEnvelope('callType')),
    parameters,
    masks: isJsonArray(masks) ? masks : [],
    history: readEventHistory(ofEnvelope('eventHistory'), callUUID),
    ...(flags.length === 0 ? {} : { flags }),
    raw: mediaFile,
    envelope,
  };
}

/** Clocks of recorders differ, and times without milliseconds are cut off: an end so little before the start is one at it. */
const mostBackwardsMs = 2_000;

function timesOf(mediaFile: JsonObject, { parameters, size }: Told) {
  const flags: MetadataFlag[] = [];
  const start = read(mediaFile, 'startTime', parseTime);
  const stop = read(mediaFile, 'stopTime', parseTime);
  if (start === 'unreadable') flags.push('start-unreadable');
  if (stop === 'unreadable') flags.push('stop-unreadable');
  const dateTimeMs = parseTime(ownValue(parameters, 'dateTime') ?? '');
  const toldStartMs = start === 'unreadable' ? dateTimeMs : (start ?? dateTimeMs);
  const toldStopMs = stop === 'unreadable' ? undefined : stop;
  let spanMs = toldStartMs && toldStopMs && toldStopMs - toldStartMs;
  if (spanMs !== undefined && spanMs < 0) {
    if (spanMs < -mostBackwardsMs) throw unusable('stopTime', 'is before startTime');
    flags.push('stop-before-start');
    spanMs = 0;
  }
  if (spanMs !== undefined && spanMs > maxDurationMs)
    throw unusable('stopTime', 'is more than a week after startTime');
  const duration = read(mediaFile, 'duration', (text) =>
    durationInMs(text, { spanMs, sizeBytes: size === 'unreadable' ? undefined : size }),
  );
  if (duration === 'unreadable') flags.push('duration-unreadable');
  const isEmpty = flags.includes('stop-before-start');
  const toldMs = duration === 'unreadable' || isEmpty ? undefined : duration;
  const durationMs = toldMs ?? spanMs;
  // Of start, stop and duration one may be missing.
  const startMs =
    toldStartMs ??
    (toldStopMs === undefined || toldMs === undefined ? undefined : toldStopMs - toldMs);
  if (startMs === undefined) throw start === 'unreadable' ? notATime('startTime') : missingStart();
  if (durationMs === undefined) {
    if (stop === 'unreadable') throw notATime('stopTime');
    throw duration === 'unreadable'
      ? unusable('duration', 'is not a number from zero up to a week whose unit is clear')
      : unusable('stopTime', 'is missing, and so is duration');
  }
  const stopMs = Math.max(startMs, toldStopMs ?? startMs + durationMs);
  return { times: { startMs, stopMs, durationMs }, flags };
}

type Told = {
  readonly parameters: Readonly<Record<string, string>>;
  readonly size: number | 'unreadable' | undefined;
};

const missingStart = () => unusable('startTime', 'is missing');
const notATime = (field: string) =>
  unusable(field, 'is not a time with a zone, of the years 2000 to 2099');

/** What a field says; undefined: it is absent. */
function read<T>(
  mediaFile: JsonObject,
  field: string,
  parse: (text: string) => T | undefined,
): T | 'unreadable' | undefined {
  if (isAbsent(mediaFile, field)) return undefined;
  return parse(textOf(ownValue(mediaFile, field)) ?? '') ?? 'unreadable';
}

function wholeNumber(text: string): number | undefined {
  const number = plainNumber(text);
  return Number.isSafeInteger(number) ? number : undefined;
}

function isAbsent(mediaFile: JsonObject, field: string): boolean {
  const value = ownValue(mediaFile, field);
  return (
    value === undefined || value === null || (typeof value === 'string' && value.trim() === '')
  );
}

function textParameters(parameters: JsonValue | undefined): Record<string, string> {
  if (!isJsonObject(parameters)) return {};
  const entries = Object.entries(parameters).flatMap(([key, value]) => {
    const text = textOf(value);
    return text === undefined ? [] : [[key, text] as const];
  });
  return Object.fromEntries(entries);
}

function callTypeOf(value: JsonValue | undefined): CallType | undefined {
  return callTypes.find((callType) => callType.toLowerCase() === textOf(value)?.toLowerCase());
}

function unusable(field: string, reason: string): UnusableField {
  return new UnusableField({ pointer: `/${field}`, reason: `${field} ${reason}` });
}
