import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { InjectionRequest } from '@exrec/gc-metadata';
import { Failure, retryAfterMs } from '@exrec/service-kit';
import * as z from 'zod';
import axios, { type AxiosInstance, type AxiosResponse } from 'axios';

export type ExrpClientOptions = {
  readonly url: string;
  /** May be missing only where EXRP listens on loopback. */
  readonly token: () => string | undefined;
  readonly timeoutMs?: number;
};

type ExrpRequest = {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly data?: InjectionRequest;
  readonly headers: Readonly<Record<string, string>>;
};

const recordSchema = z.object({ audioFile: z.string() });
const defaultTimeoutMs = 10_000;
/** Wrong credentials are mended by a person, not by asking often. */
const unauthorizedRetryMs = 60_000;

/** Hands segments to EXRP. */
export class ExrpClient {
  readonly #axios: AxiosInstance;
  readonly #agents = {
    http: new HttpAgent({ keepAlive: true }),
    https: new HttpsAgent({ keepAlive: true }),
  };
  readonly #timeoutMs: number;
  readonly #token: () => string | undefined;
  #fault: string | undefined;

  constructor({ url, token, timeoutMs = defaultTimeoutMs }: ExrpClientOptions) {
    this.#timeoutMs = timeoutMs;
    this.#token = token;
    this.#axios = axios.create({
      baseURL: url,
      timeout: timeoutMs,
      maxRedirects: 0,
      proxy: false,
      httpAgent: this.#agents.http,
      httpsAgent: this.#agents.https,
      maxContentLength: 1024 * 1024,
      responseType: 'text',
      validateStatus: () => true,
    });
  }

  /**
   * Hands over one segment. When it returns, EXRP has confirmed that it has it.
   * @throws Failure: `exrp-unavailable`, `exrp-unauthorized` (later), `exrp-refused` (never)
   */
  async inject(request: InjectionRequest, requestId: string): Promise<void> {
    const response = await this.#send({
      method: 'POST',
      url: '/api/v1/injections',
      data: request,
      headers: { 'x-request-id': requestId },
    });
    const failure = failureOf(response);
    this.#fault = failure?.code;
    if (failure !== undefined) throw failure;
  }

  /**
   * Whether EXRP has a recording: a request whose answer was lost may have come through.
   * @throws Failure, later
   */
  async has(recordingId: string): Promise<boolean> {
    return (await this.#find(recordingId)) !== undefined;
  }

  /**
   * The media file of a recording; undefined: EXRP does not know it, or no longer by its name.
   * @throws Failure, later
   */
  async audioFileOf(recordingId: string): Promise<string | undefined> {
    const found = await this.#find(recordingId);
    return found === undefined ? undefined : recordSchema.safeParse(found).data?.audioFile;
  }

  /** For readiness: EXRP being away is nothing that this service could mend, but somebody should know. */
  check(): { degraded: string } | undefined {
    return this.#fault === undefined || this.#fault === 'exrp-refused'
      ? undefined
      : { degraded: `EXRP takes no segments at the moment (${this.#fault})` };
  }

  close(): void {
    this.#agents.http.destroy();
    this.#agents.https.destroy();
  }

  /** What EXRP says of a recording; undefined when it has none. Any answer that says neither is a failure. */
  async #find(recordingId: string): Promise<unknown> {
    const url = `/api/v1/injections/${encodeURIComponent(recordingId)}`;
    const response = await this.#send({ method: 'GET', url, headers: {} });
    if (response.status === 404) return undefined;
    const failure = failureOf(response);
    const body = failure === undefined ? jsonOf(response.data) : undefined;
    if (body !== undefined) return body;
    if (failure?.retry === 'later') throw failure;
    const detail = `EXRP answered ${response.status} about a recording`;
    throw Failure.later('exrp-unavailable', { detail });
  }

  async #send(request: ExrpRequest): Promise<AxiosResponse<unknown>> {
    const token = this.#token();
    const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
    try {
      return await this.#axios.request({
        ...request,
        headers: { ...request.headers, ...authorization },
        // axios' own time-out does not cover a connection that is never made.
        signal: AbortSignal.timeout(this.#timeoutMs),
      });
    } catch (error) {
      this.#fault = 'exrp-unavailable';
      throw Failure.later('exrp-unavailable', { detail: networkDetail(error) });
    }
  }
}

function failureOf({ status, headers, data }: AxiosResponse<unknown>): Failure | undefined {
  if (status >= 200 && status < 300) return undefined;
  const detail = `EXRP answered ${status}`;
  if (status === 401 || status === 403) {
    return Failure.later('exrp-unauthorized', { detail, retryAfterMs: unauthorizedRetryMs });
  }
  if (status === 400 || status === 413 || status === 422) {
    return Failure.never('exrp-refused', { detail: `${detail}${pointersOf(data)}` });
  }
  const toldMs = retryAfterMs({
    headers: { 'retry-after': text(headers['retry-after']), date: text(headers.date) },
  });
  return Failure.later('exrp-unavailable', {
    detail,
    ...(toldMs === undefined ? {} : { retryAfterMs: toldMs }),
  });
}

const text = (header: unknown): string => (typeof header === 'string' ? header : '');

function jsonOf(data: unknown): unknown {
  try {
    return JSON.parse(String(data)) as unknown;
  } catch {
    return undefined;
  }
}

/** Which fields EXRP refused; never what was in them. */
function pointersOf(data: unknown): string {
  try {
    const problem: unknown = JSON.parse(String(data));
    const errors =
      typeof problem === 'object' && problem !== null && 'errors' in problem ? problem.errors : [];
    if (!Array.isArray(errors)) return '';
    const pointers = errors
      .map((item: unknown) =>
        typeof item === 'object' && item !== null && 'pointer' in item ? String(item.pointer) : '',
      )
      .filter((pointer) => /^[\w/.-]{1,100}$/.test(pointer))
      .slice(0, 10);
    return pointers.length === 0 ? '' : ` about ${pointers.join(', ')}`;
  } catch {
    return '';
  }
}

/** Error code only: messages of HTTP errors may carry the URL. */
function networkDetail(error: unknown): string {
  const code =
    typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'failed';
  return `no answer (${code})`;
}
