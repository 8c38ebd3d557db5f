import { randomUUID } from 'node:crypto';
import type { Reply } from './endpoint.js';

/** A refusal in GC's error body model (docs/reference/genesys-facts.md#52-rate-limits-and-retry). */
export class GcError extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string,
    message: string,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = 'GcError';
    this.status = status;
    this.code = code;
    this.headers = headers;
  }

  toReply(): Reply {
    return {
      status: this.status,
      headers: this.headers,
      json: gcErrorBody(this.status, this.code, this.message),
    };
  }
}

export function gcErrorBody(
  status: number,
  code: string,
  message: string,
): Record<string, unknown> {
  return { message, code, status, contextId: randomUUID(), details: [], errors: [] };
}

/** The answer above the rate limit: seconds in the header and in the text (docs/reference/genesys-facts.md#52-rate-limits-and-retry). */
export function rateLimited(retryAfterSeconds: number): GcError {
  return new GcError(
    429,
    'too.many.requests.retry.after',
    `Rate limit exceeded the maximum. Retry the request in [${retryAfterSeconds}] seconds`,
    { 'retry-after': `${retryAfterSeconds}` },
  );
}

const defaultCodes: Readonly<Record<number, readonly [code: string, message: string]>> = {
  400: [
    'bad.request',
    'The request could not be understood by the server due to malformed syntax.',
  ],
  401: ['bad.credentials', 'Invalid login credentials.'],
  403: ['missing.any.permissions', 'Unable to perform the requested action.'],
  404: ['not.found', 'The requested resource was not found.'],
  409: ['conflict', 'The request conflicts with the current state of the resource.'],
  500: ['internal.server.error', 'The server encountered an unexpected condition.'],
  502: ['bad.gateway', 'Bad gateway.'],
  503: ['service.unavailable', 'Service Unavailable - The server is currently unavailable.'],
  504: ['gateway.timeout', 'The request timed out.'],
};

/** The error GC would give with this status when nothing more is known. */
export function errorOfStatus(status: number, code?: string, message?: string): GcError {
  const [defaultCode, defaultMessage] = defaultCodes[status] ?? ['general.error', `HTTP ${status}`];
  return new GcError(status, code ?? defaultCode, message ?? defaultMessage);
}
