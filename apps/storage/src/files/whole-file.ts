import { closeSync, fdatasync, fstatSync, fsync, open, writev } from 'node:fs';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { toEntry, type Entry } from './entry.js';
import { eachPiece } from './each-piece.js';
import { StorageError } from './storage-error.js';

/** Network pieces of up to 64 KiB are gathered into writes of about this size. */
const writeBytes = 1024 * 1024;
/** A body that is announced to be no longer goes to the disk in one write: a call of eight minutes. */
const oneWriteBytes = 2 * 1024 * 1024;
/** So much may be written before the disk is set to work on it; the rest is waited for at the end. */
const syncEveryBytes = 16 * 1024 * 1024;
/** Most that all uploads of this process together gather; beyond it each piece goes to the disk by itself. */
const bufferLimitBytes = 64 * 1024 * 1024;
/** What a piece of a single byte keeps in memory. */
const pieceOverheadBytes = 512;

let bufferedByAllBytes = 0;

// Not a FileHandle, of which every step is a turn through the thread pool, at 0.1 ms and more of CPU time: also `close`
// and `stat`, which wait for nothing when the disk has the bytes.
const openFile = promisify(open);
const writePieces = promisify(writev);
const syncFile = promisify(fsync);
const syncData = promisify(fdatasync);

export type Body = {
  readonly body: Readable;
  readonly announcedBytes?: number | undefined;
};

/**
 * Writes a body to a new file and waits until the disk has it. `admit` is told the total before each piece is written
 * and may refuse it. The caller removes the file when this fails.
 * @returns the file as it stands on the disk, whatever name it gets
 * @throws StorageError `cut-short` when the body has another length than announced
 */
export async function writeWhole(
  file: string,
  { body, announcedBytes }: Body,
  admit: (totalBytes: number) => Promise<void> | undefined,
): Promise<Entry> {
  const isShort = announcedBytes !== undefined && announcedBytes <= oneWriteBytes;
  const descriptor = await openFile(file, 'wx', 0o640);
  const writer = new BufferingWriter(descriptor, isShort ? Infinity : writeBytes);
  try {
    let totalBytes = 0;
    await eachPiece(body, (piece) => {
      totalBytes += piece.length;
      const admitted = admit(totalBytes);
      return admitted === undefined
        ? writer.write(piece)
        : admitted.then(() => writer.write(piece));
    });
    if (announcedBytes !== undefined && totalBytes !== announcedBytes) {
      throw new StorageError('cut-short', 'the body is not as long as announced');
    }
    await writer.end();
    const entry = toEntry(fstatSync(descriptor, { bigint: true }));
    if (entry === undefined) throw new StorageError('forbidden', 'not a file');
    return entry;
  } finally {
    await writer.settled();
    closeSync(descriptor);
  }
}

/** Writes few large pieces instead of many small ones, and lets network, page cache and disk work at the same time. */
class BufferingWriter {
  readonly #descriptor: number;
  readonly #writeBytes: number;
  #buffered: Buffer[] = [];
  #bufferedBytes = 0;
  /** Of what all uploads gather: pieces that are not on the disk yet, with their overhead. */
  #roomBytes = 0;
  #unsyncedBytes = 0;
  #writing: Promise<void> = Promise.resolve();
  #syncing: Promise<void> = Promise.resolve();

  constructor(descriptor: number, writeBytes: number) {
    this.#descriptor = descriptor;
    this.#writeBytes = writeBytes;
  }

  /** @returns when there is room for the next piece; at once when there is. Throws what an earlier write met. */
  write(piece: Buffer): Promise<void> | undefined {
    this.#buffered.push(piece);
    this.#bufferedBytes += piece.length;
    this.#takeRoom(piece.length + pieceOverheadBytes);
    const isEnough =
      this.#bufferedBytes >= this.#writeBytes || bufferedByAllBytes > bufferLimitBytes;
    return isEnough ? this.#flush() : undefined;
  }

  /** Writes the rest and waits for the disk. */
  async end(): Promise<void> {
    await this.#flush();
    await this.#writing;
    await this.#syncing;
    await syncFile(this.#descriptor);
  }

  /** Nothing is under way any more, however it ended: the file may be closed. */
  async settled(): Promise<void> {
    await Promise.allSettled([this.#writing, this.#syncing]);
    this.#takeRoom(-this.#roomBytes);
  }

  #takeRoom(bytes: number): void {
    this.#roomBytes += bytes;
    bufferedByAllBytes += bytes;
  }

  async #flush(): Promise<void> {
    await this.#writing;
    const pieces = this.#buffered;
    this.#unsyncedBytes += this.#bufferedBytes;
    this.#buffered = [];
    this.#bufferedBytes = 0;
    const roomBytes = this.#roomBytes;
    this.#writing = writeAll(this.#descriptor, pieces).then(() => this.#takeRoom(-roomBytes));
    // A failure is seen at the next turn; until then it must not count as unhandled.
    this.#writing.catch(() => undefined);
    if (this.#unsyncedBytes >= syncEveryBytes) await this.#beginSync();
  }

  async #beginSync(): Promise<void> {
    await this.#syncing;
    this.#unsyncedBytes = 0;
    this.#syncing = syncData(this.#descriptor);
    this.#syncing.catch(() => undefined);
  }
}

async function writeAll(descriptor: number, pieces: readonly Buffer[]): Promise<void> {
  let left = pieces;
  while (left.length > 0) {
    const { bytesWritten } = await writePieces(descriptor, left);
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
