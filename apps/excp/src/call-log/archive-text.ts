import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import type { JsonObject } from '../interaction/index.js';
import { archiveDictionaries, newestDictionary, rootToken } from './archive-dictionary.js';
import type { CallFields, StoredInteraction } from './kept-interaction.js';
import { longEvents, shortEvents, type ShortEvent } from './short-events.js';

export type ArchivedCalls = ReadonlyMap<string, CallFields>;

/** What is kept of a finished interaction cannot be read: it was damaged, or a later release wrote it. */
export class ArchiveDamage extends Error {}

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

/** Times; that of a pin unless it names another root. */
const isTime = (field: string, text: string) =>
  /^(lastSeenAtMs|endedAtMs|p:.*)$/.test(field) && /^\d+$/.test(text);
/** Kept elsewhere, or of no use once the interaction is finished. */
const leftOut = /^([cdes]:|(rev|bytes|events|eventBytes|data|calls|late)$)/;

/** Before the compressed text: one byte that names its dictionary, and the CRC-32 of the text. */
const headBytes = 5;

/** A finished interaction as it is kept in the archive. */
export function writeArchive({
  rootCallUUID,
  calls,
}: Pick<StoredInteraction, 'rootCallUUID' | 'calls'>): Buffer {
  const baseMs = Number(calls[0]?.fields.lastSeenAtMs ?? 0);
  const short = calls.map(({ callUUID, fields }) => shorten(callUUID, fields, baseMs));
  const json = JSON.stringify([baseMs, ...short]).replaceAll(rootCallUUID, rootToken);
  const text = Buffer.from(json, 'utf8');
  const head = Buffer.alloc(headBytes);
  head.writeUInt8(newestDictionary);
  head.writeUInt32LE(crc32(text), 1);
  const dictionary = archiveDictionaries.get(newestDictionary);
  return Buffer.concat([head, deflateRawSync(text, { level: 9, memLevel: 9, dictionary })]);
}

/**
 * What `writeArchive` was given.
 * @throws ArchiveDamage
 */
export function readArchive(bytes: Buffer, rootCallUUID: string): ArchivedCalls {
  return callsOf(readArchiveText(bytes).replaceAll(rootToken, rootCallUUID));
}

/**
 * The text of an archive, in which a token stands for the root.
 * @throws ArchiveDamage
 */
export function readArchiveText(bytes: Buffer): string {
  const dictionary = archiveDictionaries.get(bytes[0] ?? 0);
  if (dictionary === undefined || bytes.length < headBytes)
    throw new ArchiveDamage('the archive is of another release');
  return checked(bytes, dictionary);
}

/** @param json text of an archive, with the root in its places */
export function callsOf(json: string): ArchivedCalls {
  const [baseMs, ...calls] = JSON.parse(json) as [number, ...ShortCall[]]; // written by us
  return new Map(calls.map((call) => [call[0], lengthen(call, baseMs)]));
}

function checked(bytes: Buffer, dictionary: Buffer): string {
  let text: Buffer;
  try {
    text = inflateRawSync(bytes.subarray(headBytes), { dictionary });
  } catch (cause) {
    throw new ArchiveDamage('the archive is damaged', { cause });
  }
  if (crc32(text) !== bytes.readUInt32LE(1)) throw new ArchiveDamage('the archive is damaged');
  return text.toString('utf8');
}

function shorten(callUUID: string, fields: CallFields, baseMs: number): ShortCall {
  const media: ShortMedia[] = [];
  const facts: Record<string, string | number> = {};
  for (const [field, text] of Object.entries(fields)) {
    if (field.startsWith('s:')) {
      const note = shortNote(fields[`d:${field.slice(2)}`], baseMs);
      media.push([JSON.parse(text) as JsonObject, ...note]); // written by us
    } else if (!leftOut.test(field)) {
      facts[field] = isTime(field, text) ? Number(text) - baseMs : text;
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
