import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { Gate } from './access/gate.js';
import type { Clock } from './clock.js';
import type { FaultBook } from './faults/fault-book.js';
import { misbehave, type Outcome } from './faults/misbehave.js';
import type { Ledger } from './ledger.js';
import type { Call, Endpoint, Reply } from './http/endpoint.js';
import { GcError } from './http/gc-error.js';
import { readBody, REQUEST_BYTES_MAX } from './http/read-body.js';
import type { Route, Router } from './http/router.js';

export type GcServerParts = {
  readonly router: Router;
  readonly gate: Gate;
  readonly faults: FaultBook;
  readonly ledger: Ledger;
  readonly clock: Clock;
};

/** The request listener: finds the endpoint, lets faults and the gate have their say, answers, keeps the ledger. */
export function gcListener(
  parts: GcServerParts,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    // A client that leaves is no fault of ours; the ledger says 0.
    serve(parts, request, response).catch(() => request.socket.destroy());
  };
}

async function serve(
  parts: GcServerParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://simulator');
  const route = parts.router.find(request.method ?? '', url.pathname);
  response.setHeader('date', new Date(parts.clock.now()).toUTCString());
  const record = (status: number) => {
    const target = route?.endpoint.target ?? 'unknown';
    if (target.startsWith('simulator.')) return;
    const at = new Date(parts.clock.now()).toISOString();
    const headerNames = Object.keys(request.headers);
    parts.ledger.add({
      at,
      target,
      method: request.method ?? '',
      path: url.pathname,
      client: parts.gate.clientOf(request.headers),
      status,
      headerNames,
    });
  };
  try {
    record(await dispatch({ parts, request, response, route, url }));
  } catch (error) {
    record(0);
    throw error;
  }
}

type Exchange = {
  readonly parts: GcServerParts;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly route: Route | undefined;
  readonly url: URL;
};

async function dispatch({ parts, request, response, route, url }: Exchange): Promise<number> {
  if (route?.kind === 'raw') return route.endpoint.serve(request, response);
  const body = await readBody(request, REQUEST_BYTES_MAX);
  const outcome = await settle(async () => {
    if (!body) throw tooLarge();
    if (!route) throw new GcError(404, 'not.found', 'HTTP 404 Not Found');
    const { endpoint, params } = route;
    const call: Call = {
      path: url.pathname,
      params,
      query: url.searchParams,
      headers: request.headers,
      body,
    };
    const answer = () => answerOf(parts.gate, endpoint, call);
    if (endpoint.target.startsWith('simulator.')) return settle(answer);
    const fault = parts.faults.take(endpoint.target, subjectOf(call));
    if (fault === undefined) return settle(answer);
    await parts.faults.holdUp(fault);
    return misbehave(fault, answer);
  });
  if (outcome.kind === 'stall') return 0;
  if (outcome.kind === 'reset') {
    request.socket.resetAndDestroy();
    return 0;
  }
  await write(response, outcome.reply);
  return outcome.reply.status;
}

/** Turns a refusal into its answer. */
async function settle(work: () => Promise<Reply | Outcome>): Promise<Outcome> {
  try {
    const result = await work();
    return 'kind' in result ? result : { kind: 'reply', reply: result };
  } catch (error) {
    const refusal =
      error instanceof GcError
        ? error
        : new GcError(500, 'internal.server.error', `The simulator failed: ${String(error)}`);
    return { kind: 'reply', reply: refusal.toReply() };
  }
}

async function answerOf(gate: Gate, endpoint: Endpoint, call: Call): Promise<Reply> {
  if (!endpoint.target.startsWith('gc.')) return endpoint.handle(call);
  const headers = gate.check(endpoint, call);
  try {
    const reply = await endpoint.handle(call);
    return { ...reply, headers: { ...headers, ...reply.headers } };
  } catch (error) {
    if (!(error instanceof GcError)) throw error;
    throw new GcError(error.status, error.code, error.message, { ...headers, ...error.headers });
  }
}

function tooLarge(): GcError {
  const message = `The request is larger than ${REQUEST_BYTES_MAX} bytes.`;
  return new GcError(413, 'request.entity.too.large', message);
}

/** What a fault's `subject` is looked for in. */
function subjectOf(call: Call): string {
  return `${call.path} ${/"fileName"\s*:\s*"([^"]*)"/.exec(call.body.toString('latin1'))?.[1] ?? ''}`;
}

async function write(response: ServerResponse, reply: Reply): Promise<void> {
  response.statusCode = reply.status;
  response.setHeader('inin-correlation-id', randomUUID());
  for (const [name, value] of Object.entries(reply.headers ?? {})) response.setHeader(name, value);
  if (reply.file !== undefined) return pipeline(createReadStream(reply.file), response);
  if (reply.json !== undefined) response.setHeader('content-type', 'application/json');
  const text = reply.json === undefined ? (reply.text ?? '') : JSON.stringify(reply.json);
  response.end(text);
}
