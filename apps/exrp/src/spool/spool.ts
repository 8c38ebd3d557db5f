import { mkdir, readdir, rm, unlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isNativeError } from 'node:util/types';
import { Failure } from '@exrec/service-kit';

export type SpoolOptions = {
  /** `EXRP_SPOOL_DIR`. */
  readonly dir: string;
  /** What tells this instance from others on the machine: its port. */
  readonly instance: string;
  readonly maxBytes: number;
};

/** A place for one sealed ZIP. */
export type SpoolPlace = { readonly path: string; release(): Promise<void> };

/** Room for what a ZIP holds besides the audio; sealing adds a few hundred bytes, the metadata a few thousand. */
const overheadBytes = 64 * 1024;

/**
 * The folder for sealed ZIPs on their way, bounded in size. It belongs to one instance,
 * which empties it when it starts: what an earlier run left is never uploaded.
 */
export class Spool {
  readonly #dir: string;
  readonly #maxBytes: number;
  #reservedBytes = 0;
  #made = 0;

  constructor({ dir, instance, maxBytes }: SpoolOptions) {
    this.#dir = join(dir, `exrp-${hostname()}-${instance}`);
    this.#maxBytes = maxBytes;
  }

  /** Makes the folder, readable by its owner only, and removes leftovers. Returns how many there were. */
  async open(): Promise<number> {
    await mkdir(this.#dir, { recursive: true, mode: 0o700 });
    const leftovers = await readdir(this.#dir);
    await Promise.all(
      leftovers.map((name) => rm(join(this.#dir, name), { recursive: true, force: true })),
    );
    return leftovers.length;
  }

  /**
   * A path for the ZIP of an audio file of this size.
   * @throws Failure `spool-full`, later
   */
  reserve(recordingId: string, audioSizeBytes: number): SpoolPlace {
    const bytes = audioSizeBytes + overheadBytes;
    if (this.#reservedBytes + bytes > this.#maxBytes) {
      throw Failure.later('spool-full', { detail: 'EXRP_SPOOL_MAX_MB is reached' });
    }
    this.#reservedBytes += bytes;
    this.#made += 1;
    const path = join(this.#dir, `${recordingId}.${this.#made}.zip`);
    let released = false;
    const release = async () => {
      if (released) return;
      released = true;
      this.#reservedBytes -= bytes;
      // `unlink`, not `rm`, which asks what it is first.
      await unlink(path).catch(unlessMissing);
    };
    return { path, release };
  }

  get reservedBytes(): number {
    return this.#reservedBytes;
  }
}

/** The sealing may not have come so far, or has cleaned up by itself. */
function unlessMissing(error: unknown): void {
  if (isNativeError(error) && 'code' in error && error.code === 'ENOENT') return;
  throw error;
}
