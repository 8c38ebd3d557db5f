import type { Failure } from '@exrec/service-kit';
import { readMetadata, type Rejection } from '../collect/index.js';
import {
  isJsonArray,
  isJsonObject,
  ownValue,
  textOf,
  type JsonValue,
  type SegmentMetadata,
} from '../interaction/index.js';
import { audioName } from './audio-name.js';

/** What RWS knows about one call (docs/reference/genesys-facts.md#34-the-recording-resource). */
export interface RwsRecording {
  /** The CallUUID. */
  readonly id: string | undefined;
  /** With the names that our audio files have on WebDAV. */
  readonly segments: readonly SegmentMetadata[];
  /** Media files that could not be understood. */
  readonly rejected: readonly Rejection[];
  /** RWS lists it and can't give it. */
  readonly failure?: Failure | undefined;
}

/**
 * Reads a recording as RWS gives it, wrapped in `{statusCode, recording}` or bare (docs/reference/genesys-facts.md#34-the-recording-resource). A recording
 * without media files yet is one without segments. Never throws.
 * @param template see `audioName`
 */
export function readRecording(json: JsonValue, template: string): RwsRecording {
  const wrapped = isJsonObject(json) ? ownValue(json, 'recording') : undefined;
  const recording = isJsonObject(wrapped) ? wrapped : json;
  if (!isJsonObject(recording)) return nothingOf(undefined, { pointer: '', reason: notAnObject });
  const id = textOf(ownValue(recording, 'id'));
  const mediaFiles = ownValue(recording, 'mediaFiles');
  if (!isJsonArray(mediaFiles))
    return nothingOf(id, { pointer: '/mediaFiles', reason: 'mediaFiles is missing' });
  const audio = mediaFiles.filter(isAudio);
  if (audio.length === 0) return { id, segments: [], rejected: [] };
  const { accepted, rejected } = readMetadata({ ...recording, mediaFiles: audio }, 'rws');
  const named = accepted.map((segment) => withAudioName(segment, template));
  const segments = named.filter((segment) => segment !== undefined);
  const unnamed = named.flatMap((segment) => (segment === undefined ? [unusableName] : []));
  return { id, segments, rejected: [...rejected, ...unnamed] };
}

/** Screens are recorded, too (`video/mp4`): those are no recordings of a call. Without a type it may be one. */
function isAudio(mediaFile: JsonValue): boolean {
  const type = isJsonObject(mediaFile) ? textOf(ownValue(mediaFile, 'type')) : undefined;
  return !/^(video|image|text)\//i.test(type ?? '');
}

const notAnObject = 'the recording is not an object';
const unusableName: Rejection = {
  index: 0,
  pointer: '/mediaFiles',
  reason: 'RWS_AUDIO_NAME_TEMPLATE makes no plain file name of mediaId',
};

function nothingOf(
  id: string | undefined,
  fault: { readonly pointer: string; readonly reason: string },
): RwsRecording {
  return { id, segments: [], rejected: [{ index: 0, ...fault }] };
}

/**
 * The segment under the name of our file. `raw` follows, because whoever reads it again must find the same segment;
 * GIR's own name stays in it as `rwsMediaId`.
 */
function withAudioName(segment: SegmentMetadata, template: string): SegmentMetadata | undefined {
  const mediaId = audioName(template, segment);
  if (mediaId === undefined) return undefined;
  const { callUUID, mediaId: rwsMediaId } = segment;
  return { ...segment, mediaId, raw: { ...segment.raw, mediaId, callUUID, rwsMediaId } };
}
