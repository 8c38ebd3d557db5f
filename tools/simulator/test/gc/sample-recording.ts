import { createHash, randomUUID } from 'node:crypto';
import JSZip from 'jszip';
import { createMessage, encrypt, readKey } from 'openpgp';
import type { HeldKey } from '../../src/gc/index.js';
import { sampleMetadata } from '../../src/scenarios/index.js';

/** A JSON value, to be looked into without ceremony. */
export type Json = ReturnType<typeof JSON.parse>;

export type Sample = {
  readonly recordingId: string;
  readonly fileName: string;
  readonly audio: Buffer;
  readonly metadata: Record<string, unknown>;
  readonly zip: Buffer;
};

export type SampleOptions = {
  readonly recordingId?: string;
  readonly audio?: Buffer;
  /** The sealed audio instead of the real one. */
  readonly sealed?: Uint8Array;
  /** Changes `metadata.json` before it is written. */
  readonly changeMetadata?: (metadata: Json) => void;
  /** Makes the ZIP instead of the usual way. */
  readonly pack?: (entries: readonly Entry[]) => Promise<Buffer>;
  readonly container?: 'openpgp' | 'cms';
};

export type Entry = { readonly name: string; readonly bytes: Uint8Array };

export const fixedDate = new Date(Date.UTC(2000, 0, 1));

/** An Ogg Opus stream in form: a head page, and audio pages of which the last ends the stream. */
export function oggOpus(pages = 3, channels = 2): Buffer {
  const opusHead = Buffer.concat([
    Buffer.from('OpusHead'),
    Buffer.from([1, channels, 0, 0]),
    Buffer.alloc(7),
  ]);
  const bodies = [
    opusHead,
    ...Array.from({ length: pages }, (_, index) => Buffer.alloc(700, index + 1)),
  ];
  return Buffer.concat(
    bodies.map((body, index) => oggPage(body, index, index === bodies.length - 1)),
  );
}

function oggPage(body: Buffer, index: number, last: boolean): Buffer {
  const lacing = [
    ...Array.from({ length: Math.floor(body.length / 255) }, () => 255),
    body.length % 255,
  ];
  const head = Buffer.alloc(27);
  head.write('OggS');
  head.writeUInt8(last ? 4 : index === 0 ? 2 : 0, 5);
  head.writeUInt32LE(index, 18);
  head.writeUInt8(lacing.length, 26);
  return Buffer.concat([head, Buffer.from(lacing), body]);
}

/** A recording as EXRP should send it, sealed for `key`, with whatever `options` spoils. */
export async function sampleRecording(key: HeldKey, options: SampleOptions = {}): Promise<Sample> {
  const recordingId = options.recordingId ?? randomUUID();
  const audio = options.audio ?? oggOpus();
  const metadata = sealedMetadata(recordingId, audio, key, options.container ?? 'openpgp');
  options.changeMetadata?.(metadata);
  const sealed = options.sealed ?? (await seal(audio, key));
  const suffix = options.container === 'cms' ? 'p7m' : 'pgp';
  const entries = [
    { name: `${recordingId}.opus.${suffix}`, bytes: sealed },
    { name: 'metadata.json', bytes: Buffer.from(JSON.stringify(metadata)) },
  ];
  const zip = await (options.pack ?? packStored)(entries);
  return { recordingId, fileName: `${recordingId}.zip`, audio, metadata, zip };
}

export async function seal(audio: Buffer, key: HeldKey): Promise<Uint8Array> {
  const armoredKey = key.keydataSummary;
  const message = await createMessage({ binary: new Uint8Array(audio), format: 'binary' });
  const encryptionKeys = await readKey({ armoredKey });
  const sealed: Uint8Array = await encrypt({ message, encryptionKeys, format: 'binary' });
  return sealed;
}

export function packStored(entries: readonly Entry[]): Promise<Buffer> {
  return pack(entries, {});
}

export function pack(
  entries: readonly Entry[],
  options: {
    readonly date?: Date;
    readonly compression?: 'DEFLATE';
    readonly streamFiles?: boolean;
  },
): Promise<Buffer> {
  const zip = new JSZip();
  for (const { name, bytes } of entries) {
    zip.file(name, bytes, { date: options.date ?? fixedDate, createFolders: false });
  }
  return zip.generateAsync({
    type: 'nodebuffer',
    compression: options.compression ?? 'STORE',
    streamFiles: options.streamFiles ?? false,
  });
}

function sealedMetadata(
  id: string,
  audio: Buffer,
  key: HeldKey,
  container: string,
): Record<string, unknown> {
  return {
    ...sampleMetadata('02AB7QK3D4FH59LMN0PQ6RSTUV000017.opus'),
    ...{ recordingId: id, conversationId: randomUUID(), communicationId: randomUUID() },
    speechAndTextAnalytics: { requested: false, reason: 'no-program' },
    audio: {
      fileName: `${id}.opus.${container === 'cms' ? 'p7m' : 'pgp'}`,
      originalFileName: '02AB7QK3D4FH59LMN0PQ6RSTUV000017.opus',
      contentType: 'audio/ogg; codecs=opus',
      sizeBytes: audio.length,
      sha256: createHash('sha256').update(audio).digest('hex'),
      channels: 2,
      durationMs: 207_120,
    },
    encryption: { container, keyId: key.id, fingerprint: key.fingerprint },
  };
}
