import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../clock.js';
import type { Call, Endpoint, Reply } from '../http/endpoint.js';

export type OauthClient = { readonly id: string; readonly secret: string };

/** OAuth client credentials: the clients GC knows and the tokens it gave them (docs/reference/genesys-facts.md#51-oauth-and-hosts). */
export class Clients {
  readonly #clients: ReadonlyMap<string, string>;
  readonly #tokens = new Map<string, { readonly clientId: string; readonly expiresAtMs: number }>();
  readonly #tokenSeconds: number;
  readonly #clock: Clock;

  constructor(clients: readonly OauthClient[], tokenSeconds: number, clock: Clock) {
    this.#clients = new Map(clients.map(({ id, secret }) => [id, secret]));
    this.#tokenSeconds = tokenSeconds;
    this.#clock = clock;
  }

  /** The client a bearer token was given to; undefined for a wrong or expired one. */
  clientOf(token: string): string | undefined {
    const known = this.#tokens.get(token);
    return known !== undefined && known.expiresAtMs > this.#clock.now()
      ? known.clientId
      : undefined;
  }

  /** Makes every token given so far worthless. */
  revokeTokens(): void {
    this.#tokens.clear();
  }

  endpoints(): readonly Endpoint[] {
    return [
      {
        target: 'oauth.token',
        method: 'POST',
        path: '/oauth/token',
        handle: (call) => this.#grant(call),
      },
    ];
  }

  #grant(call: Call): Reply {
    const clientId = this.#authenticate(call.headers.authorization ?? '');
    if (clientId === undefined)
      return refusal('invalid_client', 'client not found or secret is wrong');
    if (!/^application\/x-www-form-urlencoded\b/i.test(call.headers['content-type'] ?? '')) {
      return refusal('invalid_request', 'the body must be a form');
    }
    const grant = new URLSearchParams(call.body.toString('utf8')).get('grant_type');
    if (grant !== 'client_credentials')
      return refusal('unsupported_grant_type', 'only client_credentials');
    const token = randomBytes(64).toString('base64url');
    this.#tokens.set(token, {
      clientId,
      expiresAtMs: this.#clock.now() + this.#tokenSeconds * 1_000,
    });
    const json = { access_token: token, token_type: 'bearer', expires_in: this.#tokenSeconds };
    return { status: 200, headers: { 'cache-control': 'no-store' }, json };
  }

  #authenticate(authorization: string): string | undefined {
    const encoded = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(authorization)?.[1];
    const [, id, secret] =
      /^([^:]*):(.*)$/s.exec(Buffer.from(encoded ?? '', 'base64').toString('utf8')) ?? [];
    if (id === undefined || secret === undefined) return undefined;
    const expected = this.#clients.get(id);
    return expected !== undefined && same(secret, expected) ? id : undefined;
  }
}

function same(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function refusal(error: string, description: string): Reply {
  return { status: 400, json: { error, description, error_description: description } };
}
