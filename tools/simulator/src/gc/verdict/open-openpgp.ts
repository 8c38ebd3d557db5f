import { Readable } from 'node:stream';
import { config, enums, readMessage, type Message } from 'openpgp';
import type { HeldKey } from '../keys/held-key.js';
import { entryStream } from './entry-bytes.js';
import { sessionKeyOf } from './session-key.js';
import type { ZipEntry } from './zip-structure.js';

const HEAD_BYTES = 4_096;
/** The plaintext may be read before the last byte proves it whole; the stream errors at its end if it isn't. */
const streaming = { ...config, allowUnauthenticatedStream: true };

/**
 * Decrypts an OpenPGP entry piece by piece and gives each to `onAudio`.
 * @returns what is not as docs/design/CONTRACTS.md#33-the-zip wants it
 * @throws Error when it doesn't open
 */
export async function openOpenPgp(
  { file, entry, key }: { readonly file: string; readonly entry: ZipEntry; readonly key: HeldKey },
  onAudio: (chunk: Buffer) => void,
): Promise<string[]> {
  const head = await firstBytes(file, entry);
  if (((head[0] ?? 0) & 0x80) === 0) return ['audio: the OpenPGP message is not binary'];
  const binaryMessage = Readable.toWeb(entryStream(file, entry));
  const message: Message<ReadableStream<Uint8Array>> = await readMessage({
    binaryMessage,
    config: streaming,
  });
  const problems = envelopeProblems(message);
  const sessionKey = await sessionKeyOf(message, head, key);
  const opened = await message.decrypt(undefined, undefined, [sessionKey], undefined, streaming);
  problems.push(...contentProblems(opened.packets));
  const data: unknown = opened.getLiteralData();
  if (!isChunks(data)) return [...problems, 'audio: the OpenPGP message holds no data'];
  for await (const chunk of data) onAudio(Buffer.from(chunk));
  return problems;
}

function envelopeProblems(message: Message<ReadableStream<Uint8Array>>): string[] {
  const problems: string[] = [];
  const recipients = message.packets.filterByTag(enums.packet.publicKeyEncryptedSessionKey).length;
  if (recipients !== 1) problems.push(`audio: sealed for ${recipients} recipients`);
  const sealed = message.packets.findPacket(enums.packet.symEncryptedIntegrityProtectedData);
  if (sealed === undefined) problems.push('audio: not integrity protected');
  else if (field(sealed, 'version') !== 1)
    problems.push('audio: not SEIPD version 1, gpg cannot read it');
  return problems;
}

function contentProblems([first]: readonly object[]): string[] {
  const tag = first === undefined ? undefined : field(first.constructor, 'tag');
  if (tag === enums.packet.compressedData) return ['audio: compressed inside the OpenPGP message'];
  if (first === undefined || tag !== enums.packet.literalData)
    return ['audio: no literal packet comes first'];
  return field(first, 'format') === enums.literal.binary
    ? []
    : ['audio: the literal packet is not binary'];
}

/** openpgp gives back what it was given: a stream for a stream. */
function isChunks(data: unknown): data is AsyncIterable<Uint8Array> {
  return typeof data === 'object' && data !== null && Symbol.asyncIterator in data;
}

/** A field that openpgp's types keep to themselves. */
function field(of: object, name: string): unknown {
  const value: unknown = Reflect.get(of, name);
  return value;
}

async function firstBytes(file: string, entry: ZipEntry): Promise<Buffer> {
  const stream: AsyncIterable<Buffer> = entryStream(file, {
    ...entry,
    sizeBytes: Math.min(entry.sizeBytes, HEAD_BYTES),
  });
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
