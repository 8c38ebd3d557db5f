import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { JsonObject } from '../interaction/index.js';
import { archiveDictionary } from './archive-dictionary.js';
import type { CallFields, StoredInteraction } from './kept-interaction.js';
import { longEvents, shortEvents, type ShortEvent } from './short-events.js';

export type ArchivedCalls = ReadonlyMap<string, CallFields>;

/** First byte of the text: how to read the rest. Never '^', which marks a pointer to another call. */
const firstForm = 1;

/** A media file: metadata as kept, state on its way to EXRP, distance in ms of that from the base, the rest of it. */
type ShortMedia = readonly [JsonObject, state: string, deltaMs: number, note: JsonObject];

/** A call in short: what can be derived is left out, and times are distances, so that little is left to compress. */
type ShortCall = readonly [
  callUUID: string,
  events: readonly ShortEvent[],
  media: readonly ShortMedia[],
  /** Times as distance in ms from the base; others as they are. */
  facts: Readonly<Record<string, string | number>>,
];

const timeFields = new Set(['lastSeenAtMs', 'endedAtMs']);
/** Kept elsewhere, or of no use once the interaction is finished. */
const leftOut = /^([cdes]:|(rev|bytes|events|calls|late)$)/;

/** A finished interaction in short, to be compressed. */
export function shortText(calls: StoredInteraction['calls']): string {
  const baseMs = Number(calls[0]?.fields.lastSeenAtMs ?? 0);
  return JSON.stringify([
    baseMs,
    ...calls.map(({ callUUID, fields }) => shorten(callUUID, fields, baseMs)),
  ]);
}

/** What `shortText` gave. */
export function readShortText(text: string): ArchivedCalls {
  // Written by `shortText`.
  const [baseMs, ...calls] = JSON.parse(text) as [number, ...ShortCall[]];
  return new Map(calls.map((call) => [call[0], lengthen(call, baseMs)]));
}

/** @param sample another such text, see `DaySamples` */
export function compress(text: string, sample: string): Buffer {
  const dictionary = dictionaryWith(sample);
  const bytes = deflateRawSync(text, { level: 9, memLevel: 9, dictionary });
  return Buffer.concat([Buffer.of(firstForm), bytes]);
}

/**
 * What `compress` was given.
 * @throws when a later release wrote it, or when the sample is not the one it was compressed with
 */
export function decompress(bytes: Buffer, sample: string): string {
  if (bytes[0] !== firstForm) throw new Error('the archive is of another release');
  const dictionary = dictionaryWith(sample);
  return inflateRawSync(bytes.subarray(1), { dictionary }).toString('utf8');
}

function dictionaryWith(sample: string): Buffer {
  return Buffer.concat([archiveDictionary, Buffer.from(sample, 'utf8')]);
}

function shorten(callUUID: string, fields: CallFields, baseMs: number): ShortCall {
  const media: ShortMedia[] = [];
  const facts: Record<string, string | number> = {};
  for (const [field, text] of Object.entries(fields)) {
    if (field.startsWith('s:')) {
      const note = shortNote(fields[`d:${field.slice(2)}`], baseMs);
      media.push([JSON.parse(text) as JsonObject, ...note]); // written by us
    } else if (!leftOut.test(field)) {
      facts[field] = timeFields.has(field) ? Number(text) - baseMs : text;
    }
  }
  return [callUUID, shortEvents(callUUID, fields, baseMs), media, facts];
}

function lengthen([callUUID, events, media, facts]: ShortCall, baseMs: number): CallFields {
  const fields = longEvents(callUUID, events, baseMs);
  for (const [metadata, state, deltaMs, note] of media) {
    const { mediaId } = metadata.raw as { mediaId: string }; // as it was accepted
    fields[`s:${mediaId}`] = JSON.stringify(metadata);
    if (state === '') continue;
    fields[`d:${mediaId}`] = `${state} ${JSON.stringify({ atMs: deltaMs + baseMs, ...note })}`;
  }
  for (const [field, value] of Object.entries(facts))
    fields[field] = typeof value === 'number' ? String(value + baseMs) : value;
  return fields;
}

function shortNote(text: string | undefined, baseMs: number): [string, number, JsonObject] {
  if (text === undefined) return ['', 0, {}];
  const space = text.indexOf(' ');
  const { atMs, ...note } = JSON.parse(text.slice(space + 1)) as JsonObject & { atMs: number }; // written by us
  return [text.slice(0, space), atMs - baseMs, note];
}
