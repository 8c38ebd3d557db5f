import { open, type FileHandle } from 'node:fs/promises';
import { toEntry, type Entry } from './entry.js';
import { StorageError } from './storage-error.js';

/** Network pieces of up to 64 KiB are gathered into writes of about this size. */
const writeBytes = 1024 * 1024;
/** So much may be written before the disk is set to work on it; the rest is waited for at the end. */
const syncEveryBytes = 16 * 1024 * 1024;

export type Body = {
  readonly body: AsyncIterable<Buffer>;
  readonly announcedBytes?: number | undefined;
};

/**
 * Writes a body to a new file and waits until the disk has it. `admit` is told the total before
 * each piece is written and may refuse it. The caller removes the file when this fails.
 * @returns the file as it stands on the disk, whatever name it gets
 * @throws StorageError `cut-short` when the body has another length than announced
 */
export async function writeWhole(
  file: string,
  { body, announcedBytes }: Body,
  admit: (totalBytes: number) => Promise<void>,
): Promise<Entry> {
  const handle = await open(file, 'wx', 0o640);
  const writer = new GatheringWriter(handle);
  try {
    let totalBytes = 0;
    for await (const piece of body) {
      totalBytes += piece.length;
      await admit(totalBytes);
      await writer.write(piece);
    }
    if (announcedBytes !== undefined && totalBytes !== announcedBytes) {
      throw new StorageError('cut-short', 'the body is not as long as announced');
    }
    await writer.end();
    const entry = toEntry(await handle.stat({ bigint: true }));
    if (entry === undefined) throw new StorageError('forbidden', 'not a file');
    return entry;
  } finally {
    await writer.settled();
    await handle.close();
  }
}

/** Writes few large pieces instead of many small ones, and lets network, page cache and disk work at the same time. */
class GatheringWriter {
  readonly #handle: FileHandle;
  #gathered: Buffer[] = [];
  #gatheredBytes = 0;
  #unsyncedBytes = 0;
  #writing: Promise<void> = Promise.resolve();
  #syncing: Promise<void> = Promise.resolve();

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  /** Resolves when there is room for the next piece. Throws what an earlier write met. */
  async write(piece: Buffer): Promise<void> {
    this.#gathered.push(piece);
    this.#gatheredBytes += piece.length;
    if (this.#gatheredBytes >= writeBytes) await this.#flush();
  }

  /** Writes the rest and waits for the disk. */
  async end(): Promise<void> {
    await this.#flush();
    await this.#writing;
    await this.#syncing;
    await this.#handle.sync();
  }

  /** Nothing is under way any more, however it ended: the file may be closed. */
  async settled(): Promise<void> {
    await Promise.allSettled([this.#writing, this.#syncing]);
  }

  async #flush(): Promise<void> {
    await this.#writing;
    const pieces = this.#gathered;
    this.#unsyncedBytes += this.#gatheredBytes;
    this.#gathered = [];
    this.#gatheredBytes = 0;
    this.#writing = writeAll(this.#handle, pieces);
    // A failure is seen at the next turn; until then it must not count as unhandled.
    this.#writing.catch(() => undefined);
    if (this.#unsyncedBytes >= syncEveryBytes) await this.#beginSync();
  }

  async #beginSync(): Promise<void> {
    await this.#syncing;
    this.#unsyncedBytes = 0;
    this.#syncing = this.#handle.datasync();
    this.#syncing.catch(() => undefined);
  }
}

async function writeAll(handle: FileHandle, pieces: readonly Buffer[]): Promise<void> {
  let left = pieces;
  while (left.length > 0) {
    const { bytesWritten } = await handle.writev(left);
    left = without(left, bytesWritten);
  }
}

/** What remains of the pieces behind their first bytes: a full disk may take a part of a write. */
function without(pieces: readonly Buffer[], bytes: number): readonly Buffer[] {
  let skip = bytes;
  return pieces.flatMap((piece) => {
    const skipped = Math.min(skip, piece.length);
    skip -= skipped;
    return skipped === piece.length ? [] : [piece.subarray(skipped)];
  });
}
