import { createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { StorageError } from './storage-error.js';

/** Network pieces of up to 64 KiB are gathered into writes of this size. */
const writeBufferBytes = 1024 * 1024;

export type Body = {
  readonly body: AsyncIterable<Buffer>;
  readonly announcedBytes?: number | undefined;
};

/**
 * Writes a body to a new file and waits until the disk has it. `admit` is told the total before
 * each piece is written and may refuse it. The caller removes the file when this fails.
 * @throws StorageError `cut-short` when the body has another length than announced
 */
export async function writeWhole(
  file: string,
  { body, announcedBytes }: Body,
  admit: (totalBytes: number) => Promise<void>,
): Promise<void> {
  const admitted = async function* () {
    let totalBytes = 0;
    for await (const piece of body) {
      totalBytes += piece.length;
      await admit(totalBytes);
      yield piece;
    }
    if (announcedBytes !== undefined && totalBytes !== announcedBytes) {
      throw new StorageError('cut-short', 'the body is not as long as announced');
    }
  };
  const highWaterMark = writeBufferBytes;
  // `flush`: synchronised once, before the file is closed and the pipeline done.
  await pipeline(
    admitted,
    createWriteStream(file, { flags: 'wx', mode: 0o640, flush: true, highWaterMark }),
  );
}

/** Waits until the disk has the names in a folder, so that an answered change outlives a power cut. */
export async function syncFolder(dir: string): Promise<void> {
  const handle = await open(dir, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
