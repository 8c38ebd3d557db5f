import type { Reply } from '../http/endpoint.js';
import { errorOfStatus, rateLimited } from '../http/gc-error.js';
import type { HttpFault } from './fault.js';

/** What becomes of a request: an answer, a connection reset, or silence. */
export type Outcome =
  | { readonly kind: 'reply'; readonly reply: Reply }
  | { readonly kind: 'reset' }
  | { readonly kind: 'stall' };

/** Answers a request to an API endpoint as the fault says; `serve` does the real work where the fault wants it done. */
export async function misbehave(fault: HttpFault, serve: () => Promise<Reply>): Promise<Outcome> {
  const canned = cannedReply(fault);
  if (canned) return reply(canned);
  switch (fault.kind) {
    case 'stall':
      return { kind: 'stall' };
    case 'reset':
    case 'resetMidBody':
      return { kind: 'reset' };
    case 'resetAfterLastByte':
      await serve();
      return { kind: 'reset' };
    case 'status':
      return reply(statusReply(fault));
    case 'omit':
      return reply(without(await serve(), fault.fields));
    default:
      return reply(await serve());
  }
}

/** The answer of a fault that is the same whatever was asked; undefined for other faults. */
export function cannedReply(fault: HttpFault): Reply | undefined {
  const as = (type: string) => ({ 'content-type': type });
  switch (fault.kind) {
    case 'redirect':
      return { status: 307, headers: { location: fault.location ?? 'http://127.0.0.1:1/' } };
    case 'html':
      return { status: 200, headers: as('text/html'), text: '<!DOCTYPE html><title>Login</title>' };
    case 'malformedJson':
      return { status: 200, headers: as('application/json'), text: '{"url":"http://cut' };
    default:
      return undefined;
  }
}

function statusReply(fault: HttpFault): Reply {
  const status = fault.status ?? 500;
  const { headers, json } = errorReply(fault, status);
  const retryAfter =
    fault.retryAfterSeconds === undefined ? {} : { 'retry-after': `${fault.retryAfterSeconds}` };
  return { status, headers: { ...headers, ...retryAfter }, json: fault.body ?? json };
}

function errorReply(fault: HttpFault, status: number): Reply {
  if (fault.target.startsWith('oauth')) {
    const error = fault.code ?? (status < 500 ? 'invalid_client' : 'server_error');
    const description = fault.message ?? 'authentication failed';
    return { status, json: { error, description, error_description: description } };
  }
  if (status !== 429) return errorOfStatus(status, fault.code, fault.message).toReply();
  const { json } = rateLimited(fault.retryAfterSeconds ?? 60).toReply();
  return { status, json };
}

function without(reply: Reply, fields: readonly string[]): Reply {
  if (typeof reply.json !== 'object' || reply.json === null) return reply;
  return {
    ...reply,
    json: Object.fromEntries(Object.entries(reply.json).filter(([name]) => !fields.includes(name))),
  };
}

function reply(value: Reply): Outcome {
  return { kind: 'reply', reply: value };
}
