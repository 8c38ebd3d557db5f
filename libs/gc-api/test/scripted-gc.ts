import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { silentLogger } from '@exrec/service-kit';
import { createGcApi, memoryRateBudget, type GcApi, type GcApiOptions } from '../src/index.js';

export type SeenRequest = {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
};

export type Reply = {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  /** Sent as it is when a string, else as JSON. */
  readonly body?: unknown;
};

/** Gives the reply, or `undefined` when it took the response into its own hands. */
export type Handler = (request: SeenRequest, response: ServerResponse) => Reply | undefined;

export type ScriptedGc = {
  readonly url: string;
  /** API requests, without those for tokens. */
  readonly seen: SeenRequest[];
  readonly tokenRequests: SeenRequest[];
  /** What the API answers next; tokens are `token-1`, `token-2`, … unless `login` says otherwise. */
  api: Handler;
  login: Handler;
  stop(): Promise<void>;
};

/** A server on loopback that plays GC's API and login as the test says. */
export async function startScriptedGc(): Promise<ScriptedGc> {
  const server = createServer((request, response) => {
    void answer(gc, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const gc: ScriptedGc = {
    url: `http://127.0.0.1:${portOf(server)}`,
    seen: [],
    tokenRequests: [],
    api: () => ({ body: {} }),
    login: () => ({
      body: { access_token: `token-${gc.tokenRequests.length}`, expires_in: 86400 },
    }),
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return gc;
}

export function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}

async function answer(gc: ScriptedGc, request: IncomingMessage, response: ServerResponse) {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const url = new URL(request.url ?? '/', 'http://gc.test');
  const seen: SeenRequest = {
    method: request.method ?? '',
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers,
    body: Buffer.concat(chunks).toString(),
  };
  const isLogin = seen.path === '/oauth/token';
  (isLogin ? gc.tokenRequests : gc.seen).push(seen);
  const reply = (isLogin ? gc.login : gc.api)(seen, response);
  if (reply === undefined) return;
  const { status = 200, headers = {}, body = {} } = reply;
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

/** The client under test against `gc`, with a budget that never makes it wait. */
export function gcApiFor(gc: ScriptedGc, options: Partial<GcApiOptions> = {}): GcApi {
  return createGcApi({
    hosts: { apiUrl: gc.url, loginUrl: gc.url },
    clients: [{ clientId: 'client-a', clientSecret: 'secret-a' }],
    budget: memoryRateBudget({ requestsPerMinute: 1_000_000 }),
    logger: silentLogger,
    ...options,
  });
}
