import { createReadStream, type ReadStream } from 'node:fs';
import { crc32 } from 'node:zlib';
import type { ZipEntry } from './zip-structure.js';

const READ_BYTES = 1 << 20;

/** The stored bytes of an entry. */
export function entryStream(file: string, entry: ZipEntry): ReadStream {
  const end = entry.dataOffset + entry.sizeBytes - 1;
  return createReadStream(file, { start: entry.dataOffset, end, highWaterMark: READ_BYTES });
}

/** Whether the entry's bytes have the CRC that its header names. */
export async function crcHolds(file: string, entry: ZipEntry): Promise<boolean> {
  if (entry.sizeBytes === 0) return entry.crc === 0;
  let crc = 0;
  const source: AsyncIterable<Buffer> = entryStream(file, entry);
  for await (const chunk of source) crc = crc32(chunk, crc);
  return crc === entry.crc;
}

/** A whole small entry. @throws RangeError above `limitBytes` */
export async function entryBytes(
  file: string,
  entry: ZipEntry,
  limitBytes: number,
): Promise<Buffer> {
  if (entry.sizeBytes > limitBytes)
    throw new RangeError(`${entry.name} is larger than ${limitBytes} bytes`);
  if (entry.sizeBytes === 0) return Buffer.alloc(0);
  const chunks: Buffer[] = [];
  const source: AsyncIterable<Buffer> = entryStream(file, entry);
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks);
}
