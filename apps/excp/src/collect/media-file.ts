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
 * Reads one media file [F 2.2], lenient in form and strict in meaning (CONTRACTS 2.1). An absent, null or empty
 * field is absent. Refused (our choices): no `startTime` (nor `parameters.dateTime`), neither `stopTime` nor
 * `duration`, an end before the start, years outside 2000 to 2099, more than a week, and a `duration` or
 * `size` that is there but isn't a number of zero or more.
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
  return {
    mediaId,
    callUUID,
    source,
    ...timesOf(mediaFile, parameters),
    ...(source === 'rws' ? {} : audioOf(mediaFile)),
    agentId: ownValue(parameters, 'agentId'),
    recordDN: ownValue(parameters, 'recordDN'),
    ani: ownValue(parameters, 'ani') ?? textOf(ofEnvelope('callerPhoneNumber')),
    dnis: ownValue(parameters, 'dnis') ?? textOf(ofEnvelope('dialedPhoneNumber')),
    callType: callTypeOf(ofEnvelope('callType')),
    parameters,
    masks: isJsonArray(masks) ? masks : [],
    history: readEventHistory(ofEnvelope('eventHistory'), callUUID),
    raw: mediaFile,
    envelope,
  };
}

function timesOf(mediaFile: JsonObject, parameters: Readonly<Record<string, string>>) {
  const startMs =
    timeOf(mediaFile, 'startTime') ?? parseTime(ownValue(parameters, 'dateTime') ?? '');
  if (startMs === undefined) throw unusable('startTime', 'is missing');
  const toldStopMs = timeOf(mediaFile, 'stopTime');
  if (toldStopMs !== undefined && toldStopMs < startMs)
    throw unusable('stopTime', 'is before startTime');
  const spanMs = toldStopMs === undefined ? undefined : toldStopMs - startMs;
  if (spanMs !== undefined && spanMs > maxDurationMs)
    throw unusable('stopTime', 'is more than a week after startTime');
  const toldDurationMs = durationOf(mediaFile, spanMs);
  const durationMs = toldDurationMs ?? spanMs;
  if (durationMs === undefined) throw unusable('stopTime', 'is missing, and so is duration');
  return { startMs, stopMs: toldStopMs ?? startMs + durationMs, durationMs };
}

function timeOf(mediaFile: JsonObject, field: string): number | undefined {
  if (isAbsent(mediaFile, field)) return undefined;
  const timeMs = parseTime(textOf(ownValue(mediaFile, field)) ?? '');
  if (timeMs === undefined)
    throw unusable(field, 'is not a time with a zone, of the years 2000 to 2099');
  return timeMs;
}

function durationOf(mediaFile: JsonObject, spanMs: number | undefined): number | undefined {
  if (isAbsent(mediaFile, 'duration')) return undefined;
  const durationMs = durationInMs(textOf(ownValue(mediaFile, 'duration')) ?? '', spanMs);
  if (durationMs === undefined)
    throw unusable('duration', 'is not a number from zero up to a week');
  return durationMs;
}

/** RWS speaks of GIR's own mp3 (CONTRACTS 2.4): its size and type say nothing about the file that we inject. */
function audioOf(mediaFile: JsonObject) {
  return { sizeBytes: sizeOf(mediaFile), contentType: textOf(ownValue(mediaFile, 'type')) };
}

function sizeOf(mediaFile: JsonObject): number | undefined {
  if (isAbsent(mediaFile, 'size')) return undefined;
  const sizeBytes = plainNumber(textOf(ownValue(mediaFile, 'size')) ?? '');
  if (sizeBytes === undefined || !Number.isSafeInteger(sizeBytes)) {
    throw unusable('size', 'is not a whole number of zero or more');
  }
  return sizeBytes;
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
