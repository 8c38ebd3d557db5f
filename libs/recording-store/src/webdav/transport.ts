import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { pipeline, type Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import nodeFetch, { type RequestInit } from 'node-fetch';
import { AuthType, createClient, getPatcher, type Response, type WebDAVClient } from 'webdav';
import { failureOfStatus, storageUnavailable, unreachable } from './failures.js';
import { Patience } from './patience.js';

export type DavCall = {
  readonly method: 'GET' | 'PROPFIND' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal | undefined;
};

/** An answer whose body has not been read. The body must be read to its end or given up. */
export type DavAnswer = {
  readonly status: number;
  header(name: string): string | null;
  /** The body in pieces; each wait is limited. Fails with network errors as they are. */
  readonly pieces: AsyncIterable<Buffer>;
  /** Drops the connection. */
  giveUp(): void;
  /** Reads the rest, so that the connection can be used again. */
  discard(): void;
};

export type TransportOptions = {
  readonly url: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly idleMs: number;
};

const discardMs = 1_000;

/**
 * Requests by the `webdav` client, with Basic and, when challenged, Digest authentication. Basic is ours, in UTF-8
 * [RFC 7617]: the client's knows Latin-1 only.
 */
export class Transport {
  #client: WebDAVClient;
  /** Takes over when the server asks for Digest. */
  readonly #digestClient: WebDAVClient;
  readonly #authorization: Readonly<Record<string, string>>;
  readonly #idleMs: number;
  readonly #agents = [
    new HttpAgent({ keepAlive: true }),
    new HttpsAgent({ keepAlive: true }),
  ] as const;

  constructor({ url, username, password, idleMs }: TransportOptions) {
    neverRedirect();
    this.#idleMs = idleMs;
    const [httpAgent, httpsAgent] = this.#agents;
    const agents = { httpAgent, httpsAgent };
    const given = { username: username ?? '', password: password ?? '' };
    this.#authorization =
      username === undefined ? {} : { authorization: basic(given.username, given.password) };
    this.#client = createClient(url, { authType: AuthType.None, ...agents });
    this.#digestClient =
      username === undefined
        ? this.#client
        : createClient(url, { authType: AuthType.Digest, ...given, ...agents });
  }

  /**
   * Asks and returns the answer with one of the statuses in `expected`.
   * @throws Failure for any other status, for network errors, and when nothing comes for the idle time
   */
  async call(call: DavCall, ...expected: readonly number[]): Promise<DavAnswer> {
    const tooLong = () => storageUnavailable(`WebDAV sent nothing for ${this.#idleMs} ms`);
    const patience = new Patience(this.#idleMs, tooLong, call.signal);
    try {
      const response = await patience.during(this.#authorised(call, patience.signal));
      const { status, headers } = response;
      const body = bodyOf(response);
      if (!expected.includes(status)) {
        discard(body);
        throw failureOfStatus(status, headers);
      }
      const coding = codingOf(headers.get('content-encoding'));
      return {
        status,
        // The length is that of the coded bytes.
        header: (name) =>
          coding !== undefined && name === 'content-length' ? null : headers.get(name),
        pieces: pieces(body, coding, patience),
        giveUp: () => {
          // Of an answer that was read nothing is left to give up; an abort would cost more than reading it did.
          if (body?.readableEnded !== true) patience.giveUp(undefined);
          body?.destroy();
          patience.end();
        },
        discard: () => {
          discard(body);
          patience.end();
        },
      };
    } catch (error) {
      patience.end();
      throw error;
    }
  }

  close(): void {
    for (const agent of this.#agents) agent.destroy();
  }

  async #authorised(call: DavCall, signal: AbortSignal): Promise<Response> {
    const response = await this.#request(call, signal);
    const challenge = response.headers.get('www-authenticate') ?? '';
    if (response.status !== 401 || !/^digest\b/i.test(challenge)) return response;
    if (this.#client === this.#digestClient) return response;
    this.#client = this.#digestClient;
    return this.#request(call, signal);
  }

  async #request({ method, url, headers, body }: DavCall, signal: AbortSignal): Promise<Response> {
    const data = body === undefined ? {} : { data: body };
    const own = this.#client === this.#digestClient ? {} : this.#authorization;
    try {
      return await this.#client.customRequest('/', {
        method,
        url,
        headers: { ...own, ...headers },
        ...data,
        signal,
      });
    } catch (error) {
      // The client throws for statuses from 400; those come back as answers here.
      if (error instanceof Error && 'response' in error && isResponse(error.response))
        return error.response;
      throw unreachable(error);
    }
  }
}

function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
}

/** An answer that is not wanted may still be long. */
function discard(body: Readable | undefined): void {
  if (body === undefined) return;
  const timer = setTimeout(() => body.destroy(), discardMs);
  body.once('close', () => clearTimeout(timer));
  body.on('error', () => undefined).resume();
}

const decoders: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** Some servers and proxies compress though nobody asked them to. */
function codingOf(header: string | null): string | undefined {
  const coding = header?.trim().toLowerCase() ?? '';
  return coding === '' || coding === 'identity' ? undefined : coding;
}

/** @throws Failure `storage-unavailable` for a content coding that we don't know */
function decoded(body: Readable, coding: string | undefined): Readable {
  if (coding === undefined) return body;
  const decoder = decoders[coding]?.();
  if (decoder === undefined) throw storageUnavailable('WebDAV sent an unknown content coding');
  // The reader sees every error at the decoder.
  return pipeline(body, decoder, () => undefined);
}

async function* pieces(
  body: Readable | undefined,
  coding: string | undefined,
  patience: Patience,
): AsyncIterable<Buffer> {
  if (body === undefined) return;
  // A byte stream yields Buffers.
  const source = decoded(body, coding)[Symbol.asyncIterator]() as AsyncIterator<Buffer, undefined>;
  try {
    for (;;) {
      const { done, value } = await patience.during(source.next());
      if (done === true) return;
      yield value;
    }
  } finally {
    body.destroy();
    patience.end();
  }
}

/** In Node the client answers with node-fetch's response, whose body is a Node stream. */
function bodyOf(response: Response): Readable | undefined {
  return (response as Response & { readonly body: Readable | null }).body ?? undefined;
}

function isResponse(value: unknown): value is Response {
  return typeof value === 'object' && value !== null && 'status' in value && 'headers' in value;
}

/**
 * The client follows redirects, to other hosts too, and offers compression, which would make lengths
 * meaningless; neither can be switched off by its options. This replaces its `fetch` for the process.
 */
function neverRedirect(): void {
  getPatcher().patch('fetch', async (...[url, options]: unknown[]) => {
    // The arguments are the client's own call of fetch(url, options).
    const init: RequestInit = { ...(options as RequestInit), redirect: 'manual', compress: false };
    const response = await nodeFetch(String(url), init);
    // The client drops the body of a Digest challenge unread, which would hold its connection.
    if (response.status === 401) response.body?.resume();
    return response;
  });
}
