import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** What came in one body, on disk and not yet visible. */
export type Incoming = { readonly file: string; readonly sizeBytes: number; readonly md5: Buffer };

/**
 * Objects on disk. A body is visible only when it is whole; the same key again replaces it.
 * With `keep` false bodies are hashed and dropped: nothing touches the disk.
 */
export class ObjectStore {
  readonly #dir: string;
  readonly #incoming: string;

  readonly #keep: boolean;

  constructor(dir: string, keep: boolean) {
    this.#keep = keep;
    this.#dir = join(dir, 'objects');
    this.#incoming = join(dir, 'incoming');
  }

  async open(): Promise<void> {
    await mkdir(this.#dir, { recursive: true });
    await mkdir(this.#incoming, { recursive: true });
  }

  /**
   * Streams a body to disk and hashes it on the way.
   * @throws the stream's error when the body is cut short; nothing stays behind
   */
  async receive(request: IncomingMessage): Promise<Incoming> {
    const file = join(this.#incoming, randomUUID());
    const hash = createHash('md5');
    let sizeBytes = 0;
    try {
      request.on('data', (chunk: Buffer) => {
        hash.update(chunk);
        sizeBytes += chunk.length;
      });
      await pipeline(request, this.#keep ? createWriteStream(file) : nowhere());
    } catch (error) {
      await rm(file, { force: true });
      throw error;
    }
    return { file, sizeBytes, md5: hash.digest() };
  }

  /** Makes a received body the object of this key. */
  async publish(incoming: Incoming, key: string): Promise<void> {
    if (this.#keep) await rename(incoming.file, this.fileOf(key));
  }

  async discard(incoming: Incoming): Promise<void> {
    await rm(incoming.file, { force: true });
  }

  /** Where the object of this key is on disk. */
  fileOf(key: string): string {
    return join(this.#dir, createHash('sha256').update(key).digest('hex'));
  }
}

function nowhere(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}
