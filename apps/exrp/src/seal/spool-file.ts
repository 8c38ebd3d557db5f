import { createHash } from 'node:crypto';
import { open, rm, type FileHandle } from 'node:fs/promises';
import { isNativeError } from 'node:util/types';

import { Failure } from '@exrec/service-kit';

const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

export type FileDigests = { readonly md5Base64: string; readonly sha256Hex: string };

/** A new file of sealed bytes that is either finished or removed. A full disk is the failure `spool-full` (later). */
export class SpoolFile {
  private sizeBytes = 0;

  private constructor(
    private readonly path: string,
    private readonly handle: FileHandle,
  ) {}

  /** Makes the file, readable by its owner only; one that is there already belongs to someone else and is an error. */
  static async create(path: string): Promise<SpoolFile> {
    return new SpoolFile(path, await spooling(open(path, 'wx+', 0o600)));
  }

  /** Writes the pieces behind what is there, in one turn as a rule. */
  async append(...pieces: readonly Buffer[]): Promise<void> {
    let left = pieces.filter((piece) => piece.length > 0);
    while (left.length > 0) {
      const { bytesWritten } = await spooling(this.handle.writev(left, this.sizeBytes));
      if (bytesWritten === 0)
        throw Failure.later('spool-full', { detail: 'the spool took no more bytes' });
      left = without(left, bytesWritten);
      this.sizeBytes += bytesWritten;
    }
  }

  /** Writes over bytes that are in the file already. */
  async overwrite(bytes: Buffer, offset: number): Promise<void> {
    await spooling(this.handle.write(bytes, 0, bytes.length, offset));
  }

  /** Reads the whole file once more through `buffer`, from the page cache as a rule, and hashes it. */
  async digests(buffer: Buffer, signal?: AbortSignal): Promise<FileDigests> {
    const digests = new Digests();
    for (let offset = 0; offset < this.sizeBytes;) {
      signal?.throwIfAborted();
      const { bytesRead } = await this.handle.read(buffer, 0, buffer.length, offset);
      if (bytesRead === 0) throw new Error('the spool file is shorter than what was written');
      digests.update(buffer.subarray(0, bytesRead));
      offset += bytesRead;
    }
    return digests.done();
  }

  close(): Promise<void> {
    return this.handle.close();
  }

  async remove(): Promise<void> {
    await this.handle.close().catch(() => undefined);
    await rm(this.path, { force: true });
  }
}

/** MD5 as GC and S3 want it, SHA-256 as the injection's status shows it. */
export class Digests {
  private readonly md5 = createHash('md5');
  private readonly sha256 = createHash('sha256');

  update(bytes: Buffer): void {
    this.md5.update(bytes);
    this.sha256.update(bytes);
  }

  done(): FileDigests {
    return { md5Base64: this.md5.digest('base64'), sha256Hex: this.sha256.digest('hex') };
  }
}

/** What remains of the pieces behind their first bytes. */
function without(pieces: readonly Buffer[], bytes: number): Buffer[] {
  let skip = bytes;
  return pieces.flatMap((piece) => {
    const skipped = Math.min(skip, piece.length);
    skip -= skipped;
    return skipped === piece.length ? [] : [piece.subarray(skipped)];
  });
}

async function spooling<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const code = isNativeError(error) && 'code' in error ? String(error.code) : '';
    if (FULL.has(code)) throw Failure.later('spool-full', { detail: code, error });
    throw error;
  }
}
