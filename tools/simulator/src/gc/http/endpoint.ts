import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';

/** One request, read: what an endpoint decides upon. */
export type Call = {
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
};

/** What an endpoint answers: a JSON value, a text, or the bytes of a file. */
export type Reply = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly text?: string;
  readonly file?: string;
};

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** An endpoint of the JSON kind. `target` names it for faults and for the ledger. */
export type Endpoint = {
  readonly target: string;
  readonly method: Method;
  /** Path with `:name` for one segment. */
  readonly path: string;
  /** The permission a GC client needs for it; absent: a bearer token is enough. */
  readonly permission?: string;
  readonly handle: (call: Call) => Reply | Promise<Reply>;
};

/** An endpoint that reads and answers by itself: a body as large as it likes. Returns the status it answered, 0 for none. */
export type RawEndpoint = {
  readonly target: string;
  readonly method: Method;
  /** All paths below this one. */
  readonly below: string;
  readonly serve: (request: IncomingMessage, response: ServerResponse) => Promise<number>;
};

export function ok(json: unknown): Reply {
  return { status: 200, json };
}
