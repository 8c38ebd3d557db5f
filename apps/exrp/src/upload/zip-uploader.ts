import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import type { OutboundAgents } from '@exrec/gc-api';
import { crashPoint, Failure, retryAfterMs } from '@exrec/service-kit';
import axios, { type AxiosResponse } from 'axios';
import { s3Failure } from './s3-answer.js';

export type ZipUpload = {
  readonly url: string;
  /** Exactly these are sent, and a `Content-Length`: the URL is signed for them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly path: string;
  readonly sizeBytes: number;
  readonly signal: AbortSignal;
};

export type ZipUploaderOptions = {
  readonly agentsFor: (url: string) => OutboundAgents;
  /** Longest time in which the connection takes nothing, and for the answer once all has arrived. Milliseconds. */
  readonly idleMs?: number;
};

const defaultIdleMs = 60_000;
/** Small enough that one goes out within the idle time on a line of `slowestBytesPerMs`. */
const readBytes = 256 * 1024;
/**
 * What the connection has taken may still be in its buffers, here and on the way: of a ZIP of 1.2 MB all of it. After
 * the last byte these buffers get the time that a slow line needs for them (20 kB/s, 8 MB).
 */
const slowestBytesPerMs = 20;
const mostBufferedBytes = 8_000_000;
const maxAnswerBytes = 64 * 1024;
/** axios adds these unless told not to; S3 checks what was signed (docs/design/FAILURES.md#3-measured-traps (3)). */
const noHeaders = {
  accept: false,
  'content-type': false,
  'user-agent': false,
  'accept-encoding': false,
} as const;

/** PUTs finished ZIPs to pre-signed URLs: one request, no redirect, no bearer token. */
export class ZipUploader {
  readonly #agentsFor: ZipUploaderOptions['agentsFor'];
  readonly #idleMs: number;
  /** Its own instance: nothing that is set up for GC may leak to S3. */
  readonly #http = axios.create({
    maxRedirects: 0,
    maxBodyLength: Infinity,
    maxContentLength: maxAnswerBytes,
    proxy: false,
    responseType: 'text',
    validateStatus: () => true,
    transformRequest: [(data: unknown) => data],
    transformResponse: [(data: unknown) => data],
  });

  constructor({ agentsFor, idleMs = defaultIdleMs }: ZipUploaderOptions) {
    this.#agentsFor = agentsFor;
    this.#idleMs = idleMs;
  }

  /**
   * @throws Failure with a cause of docs/design/CONTRACTS.md#36-what-may-happen-and-what-exrp-does; {@link UploadUncertain} when the ZIP may have been stored
   */
  async put({ url, headers, path, sizeBytes, signal }: ZipUpload): Promise<void> {
    // With an end, no buffer is larger than what is left, and nothing is read to find that nothing is left.
    const file = createReadStream(path, { highWaterMark: readBytes, end: sizeBytes - 1 });
    const patience = new Patience(sizeBytes, this.#idleMs, signal);
    const body = Readable.from(
      counted(file, (bytes) => patience.taken(bytes)),
      { objectMode: false, highWaterMark: readBytes },
    );
    try {
      const answer = await this.#http.put<string>(url, body, {
        headers: { ...noHeaders, ...headers, 'content-length': `${sizeBytes}` },
        signal: patience.signal,
        ...this.#agentsFor(url),
      });
      const failure = s3Failure({
        status: answer.status,
        body: answer.data,
        retryAfterMs: pauseAskedBy(answer),
      });
      if (failure !== undefined) throw failure;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof Failure) throw error;
      // Only the code: an axios error carries the signed URL.
      const code = axios.isAxiosError(error) ? (error.code ?? 'no code') : 'unexpected';
      const detail = patience.signal.aborted ? 'no progress' : `connection to S3 failed (${code})`;
      if (patience.isAllTaken) throw new UploadUncertain(detail);
      throw Failure.later('upload-failed', { detail });
    } finally {
      patience.end();
      body.destroy();
      file.destroy();
    }
  }

  /**
   * Whether anything answers there; what it answers does not matter, unless it says that it cannot.
   * @throws Failure `upload-failed`
   */
  async reach(origin: string, signal: AbortSignal): Promise<void> {
    const options = { headers: noHeaders, signal, ...this.#agentsFor(origin) };
    const status = await this.#http.head(`${origin}/`, options).then(
      (answer) => answer.status,
      () => 599,
    );
    if (status >= 500) throw Failure.later('upload-failed', { detail: 'S3 cannot be reached' });
  }
}

/** All bytes were on their way when the connection failed: S3 may have stored them, and the next try makes a copy. */
export class UploadUncertain extends Failure {
  constructor(detail: string) {
    super('upload-failed', 'later', { detail });
  }
}

/**
 * Tells of each piece when the next one is wanted: by then the connection has taken it.
 * The crash point lies behind the first piece: of a larger ZIP S3 has got a part then.
 */
async function* counted(
  file: AsyncIterable<Buffer>,
  taken: (bytes: number) => void,
): AsyncIterable<Buffer> {
  for await (const piece of file) {
    yield piece;
    taken(piece.length);
    crashPoint('mid-put');
  }
}

function pauseAskedBy({ headers }: AxiosResponse<string>): number | undefined {
  const text = (name: string) => {
    const value: unknown = headers[name];
    return typeof value === 'string' ? { [name]: value } : {};
  };
  return retryAfterMs({ headers: { ...text('retry-after'), ...text('date') } });
}

/**
 * Aborts when the connection has taken nothing for `idleMs`, or with the outer signal.
 * Not by `AbortSignal.any`: in Node 20 the outer signal, which lives as long as the process, remembers every call.
 */
class Patience {
  readonly #controller = new AbortController();
  readonly #outer: AbortSignal;
  readonly #sizeBytes: number;
  readonly #idleMs: number;
  #takenBytes = 0;
  #timer: NodeJS.Timeout;
  readonly #abort = () => this.#controller.abort();

  constructor(sizeBytes: number, idleMs: number, outer: AbortSignal) {
    this.#sizeBytes = sizeBytes;
    this.#idleMs = idleMs;
    this.#outer = outer;
    this.#timer = setTimeout(this.#abort, idleMs);
    outer.addEventListener('abort', this.#abort, { once: true });
    if (outer.aborted) this.#abort();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get isAllTaken(): boolean {
    return this.#takenBytes >= this.#sizeBytes;
  }

  taken(bytes: number): void {
    this.#takenBytes += bytes;
    clearTimeout(this.#timer);
    const inBuffersMs = Math.min(this.#takenBytes, mostBufferedBytes) / slowestBytesPerMs;
    const forMs = this.isAllTaken ? this.#idleMs + inBuffersMs : this.#idleMs;
    this.#timer = setTimeout(this.#abort, forMs);
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#outer.removeEventListener('abort', this.#abort);
  }
}
