import { createHash } from 'node:crypto';
import { addAbortSignal, type Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';

import { Failure } from '@exrec/service-kit';

import { assertWhole, OggOpusInspector, type AudioFlag, type OpusAudio } from '../audio/index.js';
import type { GcKey } from '../keys/index.js';
import type { SealFormat, SealingMessage } from './seal-format.js';
import { SpoolFile } from './spool-file.js';
import { MAX_ZIP_BYTES } from './zip/stored-entry.js';
import { ZipSpool } from './zip/zip-spool.js';

/** One turn on the event loop handles at most this much, also when the source hands out more at once. */
const PIECE_BYTES = 1024 * 1024;
/** Room for everything in the ZIP that is not audio; the metadata's own limit is 1 MiB. */
const MAX_OVERHEAD_BYTES = 4 * 1024 * 1024;
const METADATA_NAME = 'metadata.json';
const PLAIN_NAME = /^[A-Za-z0-9-]{1,64}$/;

export type SealRequest = {
  readonly recordingId: string;
  readonly format: SealFormat;
  readonly key: GcKey;
  /** The bytes of the audio file. Destroyed when the sealing ends early. */
  readonly audio: Readable;
  /** What the storage says the file's size is; the sealed sizes follow from it, and other bytes are `audio-incomplete`. */
  readonly audioSizeBytes: number;
  /** It is also the size that was announced: then that alone makes the file whole. */
  readonly sizeIsAnnounced?: boolean;
  /** Called once, when the audio is known to be whole; gives the content of `metadata.json`. */
  readonly metadata: (facts: SealedAudio) => Buffer | string;
  /** The file to make. It must not be there yet, and its directory must. */
  readonly spoolPath: string;
  readonly signal?: AbortSignal;
};

/** What `metadata.json` says about the audio and its encryption (docs/design/CONTRACTS.md#4-gc-metadata). */
export type SealedAudio = {
  /** Name of the sealed file inside the ZIP. */
  readonly fileName: string;
  readonly sizeBytes: number;
  readonly sha256Hex: string;
  readonly channels: number;
  readonly durationMs: number;
  readonly flags: readonly AudioFlag[];
  readonly container: SealFormat['name'];
  readonly keyId: string;
  readonly fingerprint: string;
};

/** The finished ZIP at the spool path. */
export type SealedRecording = {
  readonly audio: SealedAudio;
  /** Size of the encrypted message inside the ZIP. */
  readonly sealedSizeBytes: number;
  readonly zipSizeBytes: number;
  readonly zipMd5Base64: string;
  readonly zipSha256Hex: string;
};

/**
 * Seals one recording into a ZIP on the spool in a single pass over the audio (docs/design/CONTRACTS.md#33-the-zip). Plain audio never
 * touches the disk, and memory does not grow with the file.
 *
 * Throws, with nothing left on the spool: `audio-incomplete`, `audio-invalid`, `storage-unavailable` by the bytes
 * (docs/design/CONTRACTS.md#36-what-may-happen-and-what-exrp-does, docs/design/CONTRACTS.md#9-clarifications (2): a `never` holds only for a file that is stable), `key-invalid`, `spool-full` (later),
 * the signal's reason, and errors of the audio stream as they came.
 */
export async function sealRecording(request: SealRequest): Promise<SealedRecording> {
  const { audio, signal } = request;
  if (!PLAIN_NAME.test(request.recordingId))
    throw new TypeError('the recording id must be a plain name');
  // An error before the first read is kept by the stream for the reader; without a listener it would end the process.
  audio.on('error', () => undefined);
  if (signal !== undefined) addAbortSignal(signal, audio);
  try {
    if (request.audioSizeBytes > MAX_ZIP_BYTES - MAX_OVERHEAD_BYTES) {
      throw Failure.never('audio-invalid', { detail: 'the audio is larger than a ZIP holds' });
    }
    return await sealToSpool(request);
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    audio.destroy();
  }
}

async function sealToSpool(request: SealRequest): Promise<SealedRecording> {
  const message = await request.format.seal(request.key, request.audioSizeBytes);
  const file = await SpoolFile.create(request.spoolPath);
  try {
    const sealed = await writeZip(request, message, file);
    await file.close();
    return sealed;
  } catch (error) {
    await file.remove();
    throw error;
  }
}

async function writeZip(
  request: SealRequest,
  message: SealingMessage,
  file: SpoolFile,
): Promise<SealedRecording> {
  const { format } = request;
  const fileName = `${request.recordingId}.opus${format.extension}`;
  const zip = new ZipSpool(file, fileName, message.sizeBytes);
  try {
    return await fillZip(request, message, { zip, fileName });
  } finally {
    zip.release();
  }
}

async function fillZip(
  request: SealRequest,
  message: SealingMessage,
  { zip, fileName }: { readonly zip: ZipSpool; readonly fileName: string },
): Promise<SealedRecording> {
  const { format, key, signal } = request;
  const { verdict, sha256Hex } = await sealAudio(request, message, zip);
  const audio: SealedAudio = {
    fileName,
    sizeBytes: request.audioSizeBytes,
    sha256Hex,
    channels: verdict.channels,
    durationMs: verdict.durationMs,
    flags: verdict.flags,
    container: format.name,
    keyId: key.keyId,
    fingerprint: key.fingerprint,
  };
  const {
    sizeBytes,
    md5Base64,
    sha256Hex: zipSha256Hex,
  } = await zip.finish(METADATA_NAME, Buffer.from(request.metadata(audio)), signal);
  signal?.throwIfAborted();
  return {
    audio,
    sealedSizeBytes: message.sizeBytes,
    zipSizeBytes: sizeBytes,
    zipMd5Base64: md5Base64,
    zipSha256Hex,
  };
}

/** The hot loop: each piece is inspected, hashed, encrypted and summed up while it is in the processor's cache. */
async function sealAudio(
  request: SealRequest,
  message: SealingMessage,
  zip: ZipSpool,
): Promise<{ verdict: OpusAudio; sha256Hex: string }> {
  const inspector = new OggOpusInspector();
  const sha256 = createHash('sha256');
  let receivedBytes = 0;
  await zip.append(message.head);
  for await (const chunk of request.audio) {
    if (!Buffer.isBuffer(chunk)) throw new TypeError('the audio stream must give Buffers');
    receivedBytes += chunk.length;
    inspector.update(chunk);
    if (receivedBytes > request.audioSizeBytes || inspector.settled !== undefined) break;
    for (let start = 0; start < chunk.length; start += PIECE_BYTES) {
      const piece =
        chunk.length <= PIECE_BYTES ? chunk : chunk.subarray(start, start + PIECE_BYTES);
      sha256.update(piece);
      await zip.append(message.update(piece));
      // Without it a fast storage has some dozens of pieces handled in one turn, for each recording.
      await nextTurn();
    }
  }
  const verdict = judge(inspector, receivedBytes, request);
  await zip.append(message.final());
  return { verdict, sha256Hex: sha256.digest('hex') };
}

function judge(
  inspector: OggOpusInspector,
  receivedBytes: number,
  { audioSizeBytes, sizeIsAnnounced = false }: SealRequest,
): OpusAudio {
  const settled = inspector.settled;
  const verdict = settled ?? inspector.finish();
  if (settled === undefined && receivedBytes !== audioSizeBytes && verdict.kind !== 'html') {
    const detail = `${receivedBytes} bytes came instead of ${audioSizeBytes}`;
    throw Failure.later('audio-incomplete', { detail });
  }
  assertWhole(verdict, sizeIsAnnounced);
  return verdict;
}
