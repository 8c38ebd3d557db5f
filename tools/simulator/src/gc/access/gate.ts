import type { IncomingHttpHeaders } from 'node:http';
import type { Call, Endpoint } from '../http/endpoint.js';
import { GcError } from '../http/gc-error.js';
import type { Clients } from './clients.js';
import type { RateLimit } from './rate-limit.js';

/** Who may pass: bearer token, rate limit, permission, in this order. */
export class Gate {
  /** Permissions the clients' roles lack. */
  readonly denied = new Set<string>();
  readonly #clients: Clients;
  readonly #rateLimit: RateLimit;

  constructor(clients: Clients, rateLimit: RateLimit) {
    this.#clients = clients;
    this.#rateLimit = rateLimit;
  }

  /** Id of the OAuth client whose valid token this is. */
  clientOf(headers: IncomingHttpHeaders): string | null {
    return this.#clients.clientOf(tokenOf(headers) ?? '') ?? null;
  }

  /**
   * Lets the call pass and gives the rate limit headers of its answer.
   * @throws GcError 401, 429 or 403
   */
  check(endpoint: Endpoint, call: Call): Record<string, string> {
    const token = tokenOf(call.headers);
    if (token === undefined) {
      const message = 'No authentication bearer token specified in authorization header.';
      throw new GcError(401, 'authentication.required', message);
    }
    const clientId = this.#clients.clientOf(token);
    if (clientId === undefined)
      throw new GcError(401, 'bad.credentials', 'Invalid login credentials.');
    const headers = this.#rateLimit.count(clientId);
    if (endpoint.permission !== undefined && this.denied.has(endpoint.permission)) {
      const message = `Unable to perform the requested action. You are missing the following permission(s): ${endpoint.permission}`;
      throw new GcError(403, 'missing.any.permissions', message, headers);
    }
    return headers;
  }
}

function tokenOf({ authorization = '' }: IncomingHttpHeaders): string | undefined {
  return /^Bearer (\S+)$/i.exec(authorization)?.[1];
}
