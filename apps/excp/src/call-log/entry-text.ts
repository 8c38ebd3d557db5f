import { readMediaFile } from '../collect/index.js';
import type { CallEvent, JsonObject, LogEntry, SegmentMetadata } from '../interaction/index.js';

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

/** @throws when this release can't read what an earlier one accepted; the interaction is held then */
export function readSegment(text: string): SegmentMetadata {
  // Written by `segmentText`.
  const kept = JSON.parse(text) as {
    source: SegmentMetadata['source'];
    raw: JsonObject;
    envelope?: JsonObject;
  };
  const reading = readMediaFile(kept.raw, { source: kept.source, envelope: kept.envelope });
  if (!reading.ok) throw new Error(`a stored media file cannot be read: ${reading.fault.reason}`);
  return reading.segment;
}
