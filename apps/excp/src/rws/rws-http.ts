import axios, { type AxiosRequestConfig } from 'axios';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { Failure, isDeeperThan } from '@exrec/service-kit';
import { isJsonObject, type JsonObject } from '../interaction/index.js';
import { cookieJar, type CookieJar } from './cookie-jar.js';
import { answerFailure, noAnswer } from './rws-failure.js';

export interface RwsHttpOptions {
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** Silence of the other side that ends a call; a trickling answer may take four times as long. Default 30 s. */
  readonly stallMs?: number | undefined;
  /** Longest answer. Default 32 MiB: a page of a thousand calls with some media files each. */
  readonly maxAnswerBytes?: number | undefined;
}

export interface RwsAnswer {
  readonly body: JsonObject;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Recordings nest four levels deep. */
const maxDepth = 32;
const patience = 4;

/** GETs of JSON from RWS: kept connections, one session, no redirects, no proxy, and errors that give nothing away. */
export class RwsHttp {
  readonly #options: RwsHttpOptions;
  readonly #stallMs: number;
  readonly #agents: { readonly httpAgent: HttpAgent; readonly httpsAgent: HttpsAgent };
  /** RWS keeps a session; its cookie saves a login for each call (docs/reference/genesys-facts.md#32-authentication-and-csrf). */
  readonly #cookies: CookieJar = cookieJar();
  readonly #running = new Set<AbortController>();
  #isClosed = false;

  constructor(options: RwsHttpOptions) {
    this.#options = options;
    this.#stallMs = options.stallMs ?? 30_000;
    const agentOptions = { keepAlive: true, timeout: this.#stallMs };
    this.#agents = {
      httpAgent: new HttpAgent(agentOptions),
      httpsAgent: new HttpsAgent(agentOptions),
    };
  }

  /** @throws Failure (later): see `answerFailure`; `rws-unavailable` when no whole answer came */
  async get(url: URL): Promise<RwsAnswer> {
    const { status, headers, text } = await this.#send(url);
    this.#cookies.take(headers.get('set-cookie'));
    const plain = plainHeaders(headers);
    const body = bodyOf(text);
    const failure = answerFailure({ status, headers: plain, body });
    if (failure === undefined && body !== undefined) return { body, headers: plain };
    // The session may be what was refused.
    if (status === 401 || status === 403) this.#cookies.clear();
    throw failure ?? unavailable('the answer is not a JSON object');
  }

  /** Ends running calls, and refuses new ones. */
  close(): void {
    this.#isClosed = true;
    for (const controller of this.#running) controller.abort();
    this.#agents.httpAgent.destroy();
    this.#agents.httpsAgent.destroy();
  }

  async #send(url: URL) {
    if (this.#isClosed) throw Failure.later(noAnswer, { detail: 'the client is closed' });
    const controller = new AbortController();
    this.#running.add(controller);
    const timer = setTimeout(() => controller.abort(), this.#stallMs * patience);
    try {
      const config = this.#config(url, controller.signal);
      const { status, headers, data } = await axios.request<unknown>(config);
      return {
        status,
        headers: new Map<string, unknown>(Object.entries(headers)),
        text: typeof data === 'string' ? data : '',
      };
    } catch (error) {
      // An AxiosError carries the password: only its code leaves this place.
      throw failureOf(error);
    } finally {
      clearTimeout(timer);
      this.#running.delete(controller);
    }
  }

  #config(url: URL, signal: AbortSignal): AxiosRequestConfig {
    const { username, password = '', maxAnswerBytes = 32 * 1024 * 1024 } = this.#options;
    const cookie = this.#cookies.header();
    return {
      ...this.#agents,
      adapter: 'http',
      url: url.href,
      headers: {
        accept: 'application/json',
        'user-agent': 'exrec',
        ...(cookie === undefined ? {} : { cookie }),
      },
      ...(username === undefined ? {} : { auth: { username, password } }),
      signal,
      timeout: this.#stallMs,
      maxRedirects: 0,
      proxy: false,
      responseType: 'text',
      transformResponse: (text: unknown) => text,
      validateStatus: () => true,
      maxContentLength: maxAnswerBytes,
    };
  }
}

export function unavailable(detail: string): Failure {
  return Failure.later('rws-unavailable', { detail });
}

/** An object no deeper than it may be. One key given twice is no reason to hold up all other recordings. */
function bodyOf(text: string): JsonObject | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return isJsonObject(json) && !isDeeperThan(json, maxDepth) ? json : undefined;
  } catch {
    return undefined;
  }
}

function plainHeaders(headers: ReadonlyMap<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    [...headers].flatMap(([name, value]) =>
      typeof value === 'string' ? [[name.toLowerCase(), value]] : [],
    ),
  );
}

/** An answer that is too long is not one of RWS being away: less may be asked for. */
function failureOf(error: unknown): Failure {
  const isTooLong = error instanceof Error && error.message.startsWith('maxContentLength');
  return isTooLong
    ? Failure.later('rws-incomplete', { detail: 'the answer is too long' })
    : Failure.later(noAnswer, { detail: networkReason(error) });
}

/** Only error codes and sentences of ours: an error's message may quote the request. */
function networkReason(error: unknown): string {
  if (!(error instanceof Error)) return 'network error';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (/^(ECONNABORTED|ETIMEDOUT|ERR_CANCELED)$/.test(code)) return 'no whole answer in time';
  return /^[A-Z0-9_]{3,50}$/.test(code) ? code : 'network error';
}
