import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import { compareText, textOf, type JsonObject } from '../interaction/index.js';
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

const isTime = (field: string, text: string) =>
  /^(lastSeenAtMs|endedAtMs)$/.test(field) && /^\d+$/.test(text);
/** The word of a field that is a time at which something of the call began: of a pin, a leg and an event of the journal. */
const timeWord: Readonly<Record<string, number>> = { p: 0, l: 0, j: 3 };
/** Kept elsewhere, or of no use once the interaction is finished. */
const leftOut = /^([cdes]:|(rev|bytes|events|eventBytes|data|calls|late|told)$)/;

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
  const events = shortEvents(callUUID, fields, baseMs);
  const timesMs = timesOf(events, baseMs);
  // In one order, so that the dictionary has a long match.
  for (const [field, text] of Object.entries(fields).sort(byName)) {
    if (field.startsWith('s:')) {
      const note = shortNote(fields[`d:${field.slice(2)}`], baseMs);
      media.push([shortMetadata(JSON.parse(text) as Metadata), ...note]); // written by us
    } else if (!leftOut.test(field)) {
      facts[field] = isTime(field, text)
        ? Number(text) - baseMs
        : withTime(field, text, (time) => shortTime(time, timesMs));
    }
  }
  return [callUUID, events, media, facts];
}

function lengthen([callUUID, events, media, facts]: ShortCall, baseMs: number): CallFields {
  const fields = longEvents(callUUID, events, baseMs);
  for (const [metadata, state, deltaMs, note] of media) {
    const { mediaId } = metadata.raw as { mediaId: string }; // as it was accepted
    fields[`s:${mediaId}`] = JSON.stringify(longMetadata(metadata as Metadata));
    if (state === '') continue;
    fields[`d:${mediaId}`] = `${state} ${JSON.stringify({ atMs: deltaMs + baseMs, ...note })}`;
  }
  const timesMs = timesOf(events, baseMs);
  for (const [field, value] of Object.entries(facts)) {
    fields[field] =
      typeof value === 'number'
        ? String(value + baseMs)
        : withTime(field, value, (time) => longTime(time, timesMs));
  }
  return fields;
}

type Metadata = JsonObject & { readonly raw: JsonObject };

/** Stands for the duration that follows from start and stop. */
const followingDuration = '=';

function shortMetadata(metadata: Metadata): Metadata {
  const { raw } = metadata;
  return raw.duration === durationOf(raw) ? withDuration(metadata, followingDuration) : metadata;
}

function longMetadata(metadata: Metadata): Metadata {
  const { raw } = metadata;
  return raw.duration === followingDuration
    ? withDuration(metadata, durationOf(raw) ?? followingDuration)
    : metadata;
}

function durationOf({ startTime, stopTime }: JsonObject): string | undefined {
  const durationMs = Date.parse(textOf(stopTime) ?? '') - Date.parse(textOf(startTime) ?? '');
  return Number.isNaN(durationMs) ? undefined : String(durationMs);
}

const withDuration = (metadata: Metadata, duration: string): Metadata => ({
  ...metadata,
  raw: { ...metadata.raw, duration },
});

const byName = ([left]: readonly [string, string], [right]: readonly [string, string]) =>
  compareText(left, right);

/** The times of a call's events, each once. */
function timesOf(events: readonly ShortEvent[], baseMs: number): number[] {
  let timeMs = baseMs;
  return [...new Set(events.map(([delta]) => (timeMs += Number(delta))))];
}

function withTime(field: string, text: string, change: (time: string) => string): string {
  const at = field[1] === ':' ? timeWord[field[0] ?? ''] : undefined;
  if (at === undefined) return text;
  const words = text.split(' ');
  return words.map((word, index) => (index === at ? change(word) : word)).join(' ');
}

/** Most of what is told happens at the time of an event, or a little later: `@<which event>`, `@<which>+<ms>`. */
function shortTime(text: string, timesMs: readonly number[]): string {
  const atMs = /^[1-9]\d{0,14}$/.test(text) ? Number(text) : NaN;
  const which = timesMs.findLastIndex((timeMs) => timeMs <= atMs);
  const before = timesMs[which];
  if (before === undefined) return text;
  return before === atMs ? `@${which}` : `@${which}+${atMs - before}`;
}

function longTime(text: string, timesMs: readonly number[]): string {
  const [, which, laterMs = '0'] = /^@(\d+)(?:\+(\d+))?$/.exec(text) ?? [];
  return which === undefined ? text : String((timesMs[Number(which)] ?? 0) + Number(laterMs));
}

function shortNote(text: string | undefined, baseMs: number): [string, number, JsonObject] {
  if (text === undefined) return ['', 0, {}];
  const space = text.indexOf(' ');
  const { atMs, ...note } = JSON.parse(text.slice(space + 1)) as JsonObject & { atMs: number }; // written by us
  return [text.slice(0, space), atMs - baseMs, note];
}
