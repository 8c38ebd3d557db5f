import axios, { type AxiosRequestConfig } from 'axios';
import { Failure } from '@exrec/service-kit';
import { outboundAgents, type ProxyEnv } from './outbound-agents.js';

export type HttpRequest = {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly url: string;
  /** Method and path template, e.g. `GET /api/v2/routing/queues`: the only name that is logged. */
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal | undefined;
};

export type HttpAnswer = {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

export interface HttpTransport {
  /**
   * One request, one answer of any status; no redirect is followed.
   * @throws Failure `gc-unavailable` (later) when no whole answer came
   */
  send(request: HttpRequest): Promise<HttpAnswer>;
  /** Closes idle connections. */
  close(): void;
}

export type TransportOptions = {
  readonly proxyEnv?: ProxyEnv | undefined;
  /** Silence of the other side that ends a call. Default 30 s. */
  readonly stallMs?: number | undefined;
  /** Longest answer in bytes. Default 32 MiB: a page of 500 queues has about 2 MiB. */
  readonly maxAnswerBytes?: number | undefined;
  readonly ca?: string | undefined;
};

const mebibyte = 1024 * 1024;
/** A server that trickles is given up after this many times `stallMs`. */
const patience = 4;

/**
 * HTTP by axios, with its surprises taken out: no redirects, no proxy guessing, every status an
 * answer, bodies as text. An AxiosError carries the bearer token, so none leaves this file, not
 * even as a `cause`.
 */
export function httpTransport(
  baseUrls: readonly string[],
  options: TransportOptions = {},
): HttpTransport {
  const { proxyEnv = {}, stallMs = 30_000, maxAnswerBytes = 32 * mebibyte, ca } = options;
  const agents = new Map(
    baseUrls.map((url) => [new URL(url).origin, outboundAgents(url, { proxyEnv, stallMs, ca })]),
  );
  return {
    async send(request) {
      const limit = new CallLimit(stallMs * patience, request.signal);
      try {
        const config: AxiosRequestConfig<string> = {
          ...agents.get(new URL(request.url).origin),
          adapter: 'http',
          method: request.method,
          url: request.url,
          headers: { accept: 'application/json', 'user-agent': 'exrec', ...request.headers },
          ...(request.body === undefined ? {} : { data: request.body }),
          signal: limit.signal,
          timeout: stallMs,
          maxRedirects: 0,
          proxy: false,
          responseType: 'text',
          transformResponse: (body: unknown) => body,
          validateStatus: () => true,
          maxContentLength: maxAnswerBytes,
          maxBodyLength: mebibyte,
        };
        const { status, headers, data } = await axios.request<unknown>(config);
        return {
          status,
          headers: plainHeaders(headers),
          body: typeof data === 'string' ? data : '',
        };
      } catch (error) {
        const reason = limit.reason() ?? networkReason(error);
        throw Failure.later('gc-unavailable', { detail: `${request.endpoint}: ${reason}` });
      } finally {
        limit.end();
      }
    },
    close() {
      for (const { httpAgent, httpsAgent } of agents.values()) {
        httpAgent.destroy();
        httpsAgent.destroy();
      }
    },
  };
}

/** Ends a call when its caller gives up or its time is over. */
class CallLimit {
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private readonly onAbort = () => this.controller.abort();
  private timedOut = false;

  constructor(
    totalMs: number,
    private readonly caller: AbortSignal | undefined,
  ) {
    this.timer = setTimeout(() => {
      this.timedOut = true;
      this.controller.abort();
    }, totalMs);
    if (caller?.aborted) this.controller.abort();
    caller?.addEventListener('abort', this.onAbort, { once: true });
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  reason(): string | undefined {
    if (this.timedOut) return 'no whole answer in time';
    return this.caller?.aborted ? 'cancelled' : undefined;
  }

  end(): void {
    clearTimeout(this.timer);
    this.caller?.removeEventListener('abort', this.onAbort);
  }
}

function plainHeaders(headers: object): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === 'string') plain[name.toLowerCase()] = value;
  }
  return plain;
}

/** Only error codes and known sentences: an error's message may quote the request. */
function networkReason(error: unknown): string {
  if (!(error instanceof Error)) return 'network error';
  const proxyStatus = /Bad response: (\d{3})/.exec(error.message)?.[1];
  if (proxyStatus !== undefined) return `the proxy answered ${proxyStatus}`;
  if (error.message.startsWith('maxContentLength')) return 'the answer is too long';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code === 'ECONNABORTED' || code === 'ETIMEDOUT') return 'no answer in time';
  return /^[A-Z0-9_]{3,50}$/.test(code) ? code : 'network error';
}
