import { crc32 } from 'node:zlib';

import { Digests, type FileDigests, type SpoolFile } from '../spool-file.js';
import { BufferPool } from './buffer-pool.js';
import {
  centralDirectory,
  localHeader,
  localHeaderBytes,
  type StoredEntry,
} from './stored-entry.js';

/** Up to this size the large entry and its header are put together in memory and written once: a call of about 15 minutes. */
const IN_MEMORY_BYTES = 4 * 1024 * 1024;
/** One turn through the thread pool; smaller ones cost up to 10 % more CPU time. */
const WRITE_BYTES = 1024 * 1024;
const pool = new BufferPool(IN_MEMORY_BYTES);

/**
 * Writes a ZIP of one large entry and one small one to the spool, as docs/design/CONTRACTS.md#33-the-zip wants it.
 *
 * The large entry's CRC belongs into its local header but is known only at its end. A small ZIP waits in memory for it.
 * A large one is written with an empty CRC field, which is filled in afterwards, and then read once for MD5 and
 * SHA-256, which cannot be patched.
 *
 * Bytes are copied into one buffer of the job's own, so that what the cipher hands out can be collected at once and
 * memory stays flat with many jobs. The buffer has to be given back with `release`, however the job ends.
 */
export class ZipSpool {
  private readonly first: StoredEntry;
  private crc = 0;
  private readonly pooled = pool.take();
  /** As much of it as is filled before it is written. */
  private readonly buffer: Buffer;
  private usedBytes = 0;
  private writtenBytes = 0;

  constructor(
    private readonly file: SpoolFile,
    name: string,
    sizeBytes: number,
  ) {
    this.first = { name, sizeBytes, crc32: 0, offset: 0 };
    const header = localHeader(this.first);
    const wholeBytes = header.length + sizeBytes;
    this.buffer = this.pooled.subarray(0, wholeBytes <= IN_MEMORY_BYTES ? wholeBytes : WRITE_BYTES);
    this.usedBytes = header.copy(this.buffer);
  }

  /** Adds the next bytes of the large entry. */
  async append(bytes: Buffer): Promise<void> {
    this.crc = crc32(bytes, this.crc);
    let taken = 0;
    while (taken < bytes.length) {
      if (this.usedBytes === this.buffer.length) await this.flush();
      const copied = bytes.copy(this.buffer, this.usedBytes, taken);
      this.usedBytes += copied;
      taken += copied;
    }
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

  /** The last call: nothing of this ZIP is in memory any more. */
  release(): void {
    pool.giveBack(this.pooled);
  }

  private async write(
    firstHeader: Buffer,
    tail: Buffer,
    signal?: AbortSignal,
  ): Promise<FileDigests> {
    if (this.writtenBytes > 0) {
      await this.flush(tail);
      await this.file.overwrite(firstHeader, 0);
      return this.file.digests(this.buffer, signal);
    }
    firstHeader.copy(this.buffer);
    const digests = new Digests();
    digests.update(this.buffer.subarray(0, this.usedBytes));
    digests.update(tail);
    await this.flush(tail);
    return digests.done();
  }

  private async flush(...behind: readonly Buffer[]): Promise<void> {
    await this.file.append(this.buffer.subarray(0, this.usedBytes), ...behind);
    this.writtenBytes += this.usedBytes;
    this.usedBytes = 0;
  }
}
