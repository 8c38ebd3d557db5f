import { randomUUID } from 'node:crypto';
import { link, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { oggOpusFile } from '@exrec/testing';

/** A five-minute call. */
export const callBytes = 1_200_000;

/**
 * Puts recordings of one size into the storage's folder, each under a name of its own. They share one file on the disk:
 * what is measured is not how fast this machine's disk reads.
 */
export class Recordings {
  readonly #dir: string;
  readonly #content: string;
  readonly sizeBytes: number;

  private constructor(dir: string, content: string, sizeBytes: number) {
    this.#dir = dir;
    this.#content = content;
    this.sizeBytes = sizeBytes;
  }

  /** @param dir of the storage */
  static async of(sizeBytes: number, dir: string): Promise<Recordings> {
    await mkdir(dir, { recursive: true });
    const content = join(dir, `content-${sizeBytes}.opus`);
    await writeFile(content, oggOpusFile(sizeBytes));
    return new Recordings(dir, content, sizeBytes);
  }

  /** @returns the names of new recordings */
  async add(count: number): Promise<string[]> {
    const names = Array.from({ length: count }, () => `${randomUUID()}.opus`);
    for (const name of names) await link(this.#content, join(this.#dir, name));
    return names;
  }
}
