import { readMediaFile } from '../collect/index.js';
import {
  isJsonArray,
  type CallEvent,
  type JsonObject,
  type LogEntry,
  type SegmentMetadata,
} from '../interaction/index.js';

/** How an entry stands in the hash of its call: name of the field and its text. */
export function eventText(event: CallEvent): { readonly name: string; readonly text: string } {
  const { eventId, callUUID: _callUUID, ...rest } = event;
  return { name: eventId, text: JSON.stringify(rest) };
}

/** What was received, and nothing that follows from it: reading it again gives the rest. */
export function segmentText({ source, raw, envelope }: SegmentMetadata): string {
  return JSON.stringify({ source, raw, envelope });
}

/** @param unlinked the parent to which the call was not linked: nothing follows from that one */
export function readEvent(
  callUUID: string,
  eventId: string,
  text: string,
  unlinked?: string,
): LogEntry {
  // Written by `eventText`.
  const rest = JSON.parse(text) as Omit<CallEvent, 'eventId' | 'callUUID'>;
  const event = { eventId, callUUID, ...rest };
  if (unlinked !== undefined) delete event.parentCallUUID;
  return { kind: 'event', event };
}

/**
 * @param textOfRws the same media file as RWS tells it: its event history counts when there is no other
 * @throws when this release can't read what an earlier one accepted; the interaction is held then
 */
export function readSegment(text: string, textOfRws?: string): SegmentMetadata {
  const kept = parseSegment(text);
  const envelope =
    textOfRws === undefined ? kept.envelope : withHistory(kept.envelope, parseSegment(textOfRws));
  const reading = readMediaFile(kept.raw, { source: kept.source, envelope });
  if (!reading.ok) throw new Error(`a stored media file cannot be read: ${reading.fault.reason}`);
  return reading.segment;
}

type SegmentText = {
  readonly source: SegmentMetadata['source'];
  readonly raw: JsonObject;
  readonly envelope?: JsonObject;
};

function parseSegment(text: string): SegmentText {
  return JSON.parse(text) as SegmentText; // written by `segmentText`
}

function withHistory(
  envelope: JsonObject | undefined,
  { envelope: ofRws }: SegmentText,
): JsonObject | undefined {
  const own = envelope?.eventHistory;
  const eventHistory = ofRws?.eventHistory;
  if ((isJsonArray(own) && own.length > 0) || eventHistory === undefined) return envelope;
  return { ...envelope, eventHistory };
}
