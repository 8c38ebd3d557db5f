import {
  completeMetadata,
  readGcMetadataRequest,
  serializeGcMetadata,
  type GcMetadataRequest,
} from '@exrec/gc-metadata';
import type { Upload } from '@exrec/gc-api';
import type { StoredAudio } from '@exrec/recording-store';
import { crashPoint, Failure } from '@exrec/service-kit';
import { sealRecording, type SealedAudio, type SealedRecording } from '../../seal/index.js';
import type { SpoolPlace } from '../../spool/spool.js';
import { assertUploadHost } from '../../upload/upload-hosts.js';
import type { Facts, Injection, InjectionState } from '../states/injection.js';
import type { InjectionContext } from './injection-context.js';
import { assertSize, flagsOf, hasChanged, sightingOf, unlessStable } from './look-at-audio.js';

/** One attempt: what is injected, and how it tells where it is. */
export type Attempt = {
  readonly injection: Injection;
  readonly signal: AbortSignal;
  /** Notes the state and the facts found so far; throws when the recording was claimed by somebody else. */
  readonly advance: (state: InjectionState, facts: Facts) => Promise<void>;
  /** Keeps facts that are to be in the record when the attempt ends, however it ends; costs no turn to Redis. */
  readonly record: (facts: Facts) => void;
};

/** Life of a pre-signed URL; it is asked for right before it is used. */
const signedUrlTimeoutSeconds = 3_600;

/**
 * The whole way of one recording: look, fetch and seal in one pass, look again, ask GC where to, upload.
 * @returns the facts of the upload
 * @throws Failure with a cause of docs/design/CONTRACTS.md#36-what-may-happen-and-what-exrp-does, the signal's reason, or what `advance` throws
 */
export async function inject(context: InjectionContext, attempt: Attempt): Promise<Facts> {
  const { injection, signal } = attempt;
  const metadata = readMetadata(injection);
  const info = await context.recordings.stat(injection.audioFile, { signal });
  const sighting = sightingOf(info, injection.facts.lastLook, context.now());
  const facts: Facts = { ...injection.facts, lastLook: sighting };
  // The state `fetching` came with the claim.
  attempt.record(facts);
  try {
    assertSize(info, injection, context.maxAudioBytes);
    return await sendOn(context, { ...attempt, metadata, info, facts });
  } catch (error) {
    throw error instanceof Failure ? unlessStable(error, sighting, context.now()) : error;
  }
}

type Step = Attempt & {
  readonly metadata: GcMetadataRequest;
  readonly info: StoredAudio;
  readonly facts: Facts;
};

async function sendOn(context: InjectionContext, step: Step): Promise<Facts> {
  const { injection, signal, facts, info } = step;
  const place = context.spool.reserve(injection.recordingId, info.sizeBytes);
  try {
    const sealed = await fetchAndSeal(context, step, place);
    crashPoint('after-seal');
    const upload = await askForUpload(context, sealed, step);
    crashPoint('after-url');
    const known = { ...facts, ...factsOf(sealed, injection), uploadKey: upload.uploadKey };
    await step.advance('uploading', known);
    const startedAtMs = context.now();
    await context.uploader.put({
      ...upload,
      path: place.path,
      sizeBytes: sealed.zipSizeBytes,
      signal,
    });
    crashPoint('after-put');
    return { ...known, uploadMs: context.now() - startedAtMs };
  } finally {
    await place.release();
  }
}

function readMetadata(injection: Injection): GcMetadataRequest {
  const reading = readGcMetadataRequest(JSON.parse(injection.metadata));
  if (reading.kind === 'ok') return reading.metadata;
  // Checked when the request was accepted; here only after a change of the schema.
  throw Failure.later('metadata-unreadable', { detail: reading.kind });
}

type Sealed = SealedRecording & { readonly sealMs: number };

async function fetchAndSeal(
  context: InjectionContext,
  step: Step,
  place: SpoolPlace,
): Promise<Sealed> {
  const { injection, info, signal, metadata } = step;
  const key = await context.keys.current();
  const audio = await context.recordings.open(injection.audioFile, { signal });
  crashPoint('after-fetch');
  const startedAtMs = context.now();
  try {
    await step.advance('sealing', step.facts);
    const sealed = await sealRecording({
      recordingId: injection.recordingId,
      format: context.sealFormat,
      key,
      audio: audio.stream,
      audioSizeBytes: info.sizeBytes,
      sizeIsAnnounced: injection.expectedSizeBytes !== undefined,
      metadata: (found) => metadataFile(metadata, injection, found),
      spoolPath: place.path,
      signal,
    });
    await assertUnchanged(context, step);
    return { ...sealed, sealMs: context.now() - startedAtMs };
  } catch (error) {
    audio.stream.destroy();
    if (error instanceof Failure && error.code === 'key-invalid') context.keys.reject();
    throw error;
  }
}

/** The second look: the file that was read is the file that is there. */
async function assertUnchanged(
  context: InjectionContext,
  { injection, info, signal }: Step,
): Promise<void> {
  const check = () => context.recordings.stat(injection.audioFile, { signal });
  if (await hasChanged(info, check)) {
    throw Failure.later('audio-incomplete', { detail: 'the file changed while it was read' });
  }
}

function metadataFile(
  metadata: GcMetadataRequest,
  injection: Injection,
  audio: SealedAudio,
): string {
  const { fileName, sizeBytes, sha256Hex, channels, durationMs, container, keyId, fingerprint } =
    audio;
  const flags = [...new Set([...(metadata.flags ?? []), ...flagsOf(audio, injection)])];
  const complete = completeMetadata(
    flags.length === 0 ? metadata : { ...metadata, flags },
    {
      fileName,
      originalFileName: injection.audioFile,
      contentType: 'audio/ogg; codecs=opus',
      sizeBytes,
      sha256: sha256Hex,
      channels,
      durationMs,
    },
    { container, keyId, fingerprint },
  );
  return serializeGcMetadata(complete);
}

async function askForUpload(
  context: InjectionContext,
  sealed: Sealed,
  { injection, signal }: Attempt,
): Promise<Upload> {
  const upload = await context.gc.createUpload(
    {
      fileName: `${injection.recordingId}.zip`,
      contentMd5: sealed.zipMd5Base64,
      contentType: 'application/zip',
      signedUrlTimeoutSeconds,
    },
    { signal },
  );
  assertUploadHost(upload.url, context.uploadHosts);
  return upload;
}

function factsOf(sealed: Sealed, injection: Injection): Facts {
  return {
    audioSizeBytes: sealed.audio.sizeBytes,
    audioSha256: sealed.audio.sha256Hex,
    audioDurationMs: sealed.audio.durationMs,
    audioFlags: [...flagsOf(sealed.audio, injection)],
    zipSizeBytes: sealed.zipSizeBytes,
    zipSha256: sealed.zipSha256Hex,
    keyId: sealed.audio.keyId,
    keyFingerprint: sealed.audio.fingerprint,
    sealMs: sealed.sealMs,
  };
}
