import { crc32 } from 'node:zlib';

import { Digests, type FileDigests, type SpoolFile } from '../spool-file.js';
import {
  centralDirectory,
  localHeader,
  localHeaderBytes,
  type StoredEntry,
} from './stored-entry.js';

/** Up to this size the large entry is put together in memory and written once; our choice: a call of about 15 minutes. */
const IN_MEMORY_BYTES = 4 * 1024 * 1024;
/** One turn through the thread pool. */
const WRITE_BYTES = 1024 * 1024;

/**
 * Writes a ZIP of one large entry and one small one to the spool, as CONTRACTS 3.3 wants it.
 *
 * The large entry's CRC belongs into its local header but is known only at its end. A small ZIP waits in memory for it.
 * A large one is written with an empty CRC field, which is filled in afterwards, and then read once for MD5 and
 * SHA-256, which cannot be patched.
 */
export class ZipSpool {
  private readonly first: StoredEntry;
  private readonly writeBytes: number;
  private crc = 0;
  private waiting: Buffer[] = [];
  private waitingBytes = 0;
  private hasWritten = false;

  constructor(
    private readonly file: SpoolFile,
    name: string,
    sizeBytes: number,
  ) {
    this.first = { name, sizeBytes, crc32: 0, offset: 0 };
    this.writeBytes = sizeBytes <= IN_MEMORY_BYTES ? Infinity : WRITE_BYTES;
    this.waiting.push(localHeader(this.first));
  }

  /** Adds the next bytes of the large entry; they must not change any more. */
  async append(bytes: Buffer): Promise<void> {
    this.crc = crc32(bytes, this.crc);
    this.waiting.push(bytes);
    this.waitingBytes += bytes.length;
    if (this.waitingBytes >= this.writeBytes) await this.flush();
  }

  /** Adds the small entry and the directory; gives the size and the digests of the whole file. */
  async finish(
    name: string,
    content: Buffer,
    signal?: AbortSignal,
  ): Promise<FileDigests & { sizeBytes: number }> {
    const first = { ...this.first, crc32: this.crc };
    const offset = localHeaderBytes(first.name) + first.sizeBytes;
    const second = { name, sizeBytes: content.length, crc32: crc32(content), offset };
    const directoryOffset = offset + localHeaderBytes(name) + content.length;
    const directory = centralDirectory([first, second], directoryOffset);
    const tail = Buffer.concat([localHeader(second), content, directory]);
    const digests = await this.write(localHeader(first), tail, signal);
    return { sizeBytes: directoryOffset + directory.length, ...digests };
  }

  private async write(
    firstHeader: Buffer,
    tail: Buffer,
    signal?: AbortSignal,
  ): Promise<FileDigests> {
    if (this.hasWritten) {
      await this.flush(tail);
      await this.file.overwrite(firstHeader, 0);
      return this.file.digests(signal);
    }
    this.waiting[0] = firstHeader;
    const digests = new Digests();
    for (const bytes of [...this.waiting, tail]) digests.update(bytes);
    await this.flush(tail);
    return digests.done();
  }

  private async flush(...behind: readonly Buffer[]): Promise<void> {
    const bytes = [...this.waiting, ...behind];
    this.waiting = [];
    this.waitingBytes = 0;
    this.hasWritten = true;
    await this.file.append(...bytes);
  }
}
