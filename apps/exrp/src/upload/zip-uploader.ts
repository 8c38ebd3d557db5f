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
    const file = createReadStream(path, { highWaterMark: readBytes });
    const body = Readable.from(withCrashPoint(file), {
      objectMode: false,
      highWaterMark: readBytes,
    });
    const idle = watchProgress(() => file.bytesRead, this.#idleMs);
    try {
      const answer = await this.#http.put<string>(url, body, {
        headers: { ...noHeaders, ...headers, 'content-length': `${sizeBytes}` },
        signal: AbortSignal.any([signal, idle.signal]),
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
      const detail = idle.signal.aborted ? 'no progress' : `connection to S3 failed (${code})`;
      throw Failure.later('upload-failed', { detail });
    } finally {
      idle.stop();
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

/** Aborts when `progress` has not moved for `idleMs`. */
function watchProgress(progress: () => number, idleMs: number) {
  const controller = new AbortController();
  let last = progress();
  const timer = setInterval(() => {
    const now = progress();
    if (now === last) controller.abort();
    last = now;
  }, idleMs);
  return { signal: controller.signal, stop: () => clearInterval(timer) };
}
