import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { retryAfterMs, type OutboundAgents } from '@exrec/gc-api';
import { crashPoint, Failure } from '@exrec/service-kit';
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
  /** Longest time without a byte sent, and for the answer once all were sent. Milliseconds. */
  readonly idleMs?: number;
};

const defaultIdleMs = 60_000;
const readBytes = 1024 * 1024;
const maxAnswerBytes = 64 * 1024;
/** axios adds these unless told not to; S3 checks what was signed (FAILURES 3.3). */
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

  /** @throws Failure with a cause of CONTRACTS 3.6 */
  async put({ url, headers, path, sizeBytes, signal }: ZipUpload): Promise<void> {
    // With an end, no buffer is larger than what is left, and nothing is read to find that nothing is left.
    const file = createReadStream(path, { highWaterMark: readBytes, end: sizeBytes - 1 });
    const body = Readable.from(withCrashPoint(file), {
      objectMode: false,
      highWaterMark: readBytes,
    });
    const patience = new Patience(() => file.bytesRead, this.#idleMs, signal);
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
      throw Failure.later('upload-failed', { detail });
    } finally {
      patience.end();
      body.destroy();
      file.destroy();
    }
  }
}

/** The crash point lies behind the first piece: of a larger ZIP S3 has got a part then. */
async function* withCrashPoint(file: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  for await (const piece of file) {
    yield piece;
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
 * Aborts when `progress` has not moved for `idleMs`, or with the outer signal.
 * Not by `AbortSignal.any`: in Node 20 the outer signal, which lives as long as the process, remembers every call.
 */
class Patience {
  readonly #controller = new AbortController();
  readonly #outer: AbortSignal;
  readonly #timer: NodeJS.Timeout;
  readonly #abort = () => this.#controller.abort();

  constructor(progress: () => number, idleMs: number, outer: AbortSignal) {
    this.#outer = outer;
    let last = progress();
    this.#timer = setInterval(() => {
      const now = progress();
      if (now === last) this.#abort();
      last = now;
    }, idleMs);
    outer.addEventListener('abort', this.#abort, { once: true });
    if (outer.aborted) this.#abort();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  end(): void {
    clearInterval(this.#timer);
    this.#outer.removeEventListener('abort', this.#abort);
  }
}
