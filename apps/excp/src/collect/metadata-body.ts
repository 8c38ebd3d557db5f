import {
  isJsonArray,
  isJsonObject,
  ownValue,
  type JsonObject,
  type JsonValue,
  type SegmentMetadata,
} from '../interaction/index.js';
import { readJson } from './json-text.js';
import { readMediaFile } from './media-file.js';
import type { Rejection } from './rejection.js';

export interface MetadataReading {
  readonly accepted: readonly SegmentMetadata[];
  /** Their indices are those of the items that are missing among the accepted. */
  readonly rejected: readonly Rejection[];
  /** The body has more than we take: 413. */
  readonly tooLarge: boolean;
}

/** A call has a handful of segments. */
const maxMediaFiles = 1000;
/** Each segment keeps its envelope, so one envelope counts once for each of its media files. */
const maxEnvelopeChars = 4 * 1024 * 1024;

/**
 * Reads the body of MCP's metadata POST (docs/design/CONTRACTS.md#21-mcp-pushes-metadata): an envelope, a bare media file, or an array of either.
 * Good items are accepted though others are bad; nothing accepted means 400. Never throws.
 */
export function readMetadataBody(body: Uint8Array): MetadataReading {
  const json = readJson(body);
  return json.ok
    ? readMetadata(json.value, 'mcp', json.faults)
    : refused(`the body ${json.reason}`);
}

/** The same from JSON that was read already, such as RWS' answers (docs/design/CONTRACTS.md#24-gir-rws). */
export function readMetadata(
  json: JsonValue,
  source: SegmentMetadata['source'],
  faults: ReadonlyMap<string, string> = new Map(),
): MetadataReading {
  const list = isJsonArray(json) ? json : [json];
  // Counted first: millions of small items fit into a body, and nothing is to be made of them.
  if (list.length > maxMediaFiles || countMediaFiles(list) > maxMediaFiles)
    return refused(`the body names more than ${maxMediaFiles} media files`, true);
  const items = isJsonArray(json)
    ? json.flatMap((item, index) => itemsOf(item, `/${index}`))
    : itemsOf(json, '');
  if (items.length === 0) return refused('the body names no media file');
  if (keptEnvelopeChars(items) > maxEnvelopeChars)
    return refused('the envelope is too large for its media files', true);
  const accepted: SegmentMetadata[] = [];
  const rejected: Rejection[] = [];
  items.forEach(({ mediaFile, envelope, pointer }, index) => {
    const reading = readMediaFile(mediaFile, { source, envelope });
    if (reading.ok) accepted.push(reading.segment);
    else {
      const { mediaId, fault } = reading;
      rejected.push({
        index,
        mediaId,
        reason: faults.get(pointer) ?? fault.reason,
        pointer: `${pointer}${fault.pointer}`,
      });
    }
  });
  return { accepted, rejected, tooLarge: false };
}

interface Item {
  readonly mediaFile: JsonValue;
  readonly envelope?: JsonObject | undefined;
  readonly pointer: string;
}

/** Undefined: it is a media file itself, or nothing. */
function mediaFilesOf(item: JsonValue): readonly JsonValue[] | undefined {
  const mediaFiles = isJsonObject(item) ? ownValue(item, 'mediaFiles') : undefined;
  return isJsonArray(mediaFiles) ? mediaFiles : undefined;
}

function countMediaFiles(list: readonly JsonValue[]): number {
  return list.reduce<number>((sum, item) => sum + (mediaFilesOf(item)?.length ?? 1), 0);
}

function itemsOf(item: JsonValue, pointer: string): Item[] {
  const mediaFiles = mediaFilesOf(item);
  if (!isJsonObject(item) || mediaFiles === undefined) return [{ mediaFile: item, pointer }];
  const envelope = Object.fromEntries(Object.entries(item).filter(([key]) => key !== 'mediaFiles'));
  return mediaFiles.map((mediaFile, index) => ({
    mediaFile,
    envelope,
    pointer: `${pointer}/mediaFiles/${index}`,
  }));
}

function keptEnvelopeChars(items: readonly Item[]): number {
  const sizes = new Map<JsonObject, number>();
  return items.reduce((sum, { envelope }) => {
    if (envelope === undefined) return sum;
    const size = sizes.get(envelope) ?? JSON.stringify(envelope).length;
    sizes.set(envelope, size);
    return sum + size;
  }, 0);
}

function refused(reason: string, tooLarge = false): MetadataReading {
  return { accepted: [], rejected: [{ index: 0, reason, pointer: '' }], tooLarge };
}
