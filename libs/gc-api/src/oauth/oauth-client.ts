import { createHash } from 'node:crypto';
import { Failure } from '@exrec/service-kit';
import * as z from 'zod';
import { answerFailure, unauthorizedRetryMs } from '../outcome/answer-failure.js';
import { describeRefusal } from '../outcome/error-body.js';
import { readAnswer } from '../outcome/read-answer.js';
import type { HttpAnswer, HttpRequest } from '../transport/http-transport.js';

export type GcCredentials = {
  readonly clientId: string;
  /** Asked whenever it is needed: it may change while the service runs. */
  readonly clientSecret: string;
};

export type OauthOptions = {
  readonly loginUrl: string;
  readonly send: (request: HttpRequest) => Promise<HttpAnswer>;
  /** Monotonic, ms. */
  readonly now: () => number;
  /** Told when GC refuses this client: a person must act. */
  readonly onRefused: (clientKey: string, failure: Failure) => void;
};

const endpoint = 'POST /oauth/token';
/** A token is renewed this long before it ends, or after nine tenths of a shorter life. */
const renewBeforeMs = 60_000;
/** A login that cannot be reached is asked again after this, and each time twice as long. */
const shownOfId = 4;
const firstPauseMs = 500;
const longestPauseMs = 8_000;

const tokenAnswer = z.object({
  access_token: z.string().min(1),
  /** Seconds; a proxy or another login may write it as text. */
  expires_in: z
    .union([z.number(), z.string().regex(/^\d{1,9}$/)])
    .transform(Number)
    .pipe(z.number().positive()),
});

/** An OAuth client as people may see it. */
export type GcClientStanding = {
  readonly key: string;
  /** The last letters of its id, as in Genesys Cloud's own list. */
  readonly tail: string;
  /** Why Genesys Cloud does not let it in now; null: it does. */
  readonly refused: string | null;
};

type Token = { readonly value: string; readonly renewAtMs: number };

/** Names a client in Redis, logs and metrics: a hash of its id, never the id or the secret. */
export function clientKeyOf(clientId: string): string {
  return createHash('sha256').update(`exrec:gc-client:${clientId}`).digest('hex').slice(0, 16);
}

/**
 * One OAuth client of GC (client credentials (docs/reference/genesys-facts.md#51-oauth-and-hosts)) and its token, which is kept in memory only.
 *
 * However many callers need a token, one request is on its way at a time. A client that GC refuses
 * is set aside: until then every call fails at once with the same `gc-unauthorized`.
 */
export class OauthClient {
  readonly key: string;
  private token: Token | undefined;
  private renewal: Promise<string> | undefined;
  private failedLogins = 0;
  private rest:
    { readonly untilMs: number; readonly failure: Failure; readonly secret: string } | undefined;

  constructor(
    private readonly credentials: GcCredentials,
    private readonly options: OauthOptions,
  ) {
    this.key = clientKeyOf(credentials.clientId);
  }

  /** The failure that keeps this client out of use now, with the time that is left. */
  resting(): Failure | undefined {
    const leftMs = (this.rest?.untilMs ?? 0) - this.options.now();
    // Another secret may be the right one: it is tried at once.
    const isOutdated = this.rest?.secret !== this.credentials.clientSecret;
    if (this.rest === undefined || leftMs <= 0 || isOutdated) return undefined;
    const { code, retry, detail } = this.rest.failure;
    return new Failure(code, retry, {
      retryAfterMs: leftMs,
      ...(detail === undefined ? {} : { detail }),
    });
  }

  standing(): GcClientStanding {
    const resting = this.resting();
    const refused = resting?.code === 'gc-unauthorized' ? (resting.detail ?? resting.code) : null;
    return { key: this.key, tail: this.credentials.clientId.slice(-shownOfId), refused };
  }

  /**
   * A token that is good for at least a little while.
   * @throws Failure `gc-unauthorized`, `gc-rate-limited` or `gc-unavailable` (all later)
   */
  async bearer(): Promise<string> {
    const resting = this.resting();
    if (resting !== undefined) throw resting;
    if (this.token !== undefined && this.options.now() < this.token.renewAtMs)
      return this.token.value;
    return this.renew();
  }

  /** Another token than `refused`, which GC answered with 401; callers at the same time share it. */
  async bearerInsteadOf(refused: string): Promise<string> {
    if (this.token?.value === refused) this.token = undefined;
    return this.bearer();
  }

  /** Sets this client aside for the failure's `retryAfterMs` and raises the alarm. */
  setAside(failure: Failure): void {
    this.token = undefined;
    const alreadyResting = this.resting()?.code === 'gc-unauthorized';
    this.restFor(failure);
    if (!alreadyResting) this.options.onRefused(this.key, failure);
  }

  private renew(): Promise<string> {
    this.renewal ??= this.fetchToken()
      .catch((error: unknown) => {
        throw this.backedOff(error);
      })
      .finally(() => (this.renewal = undefined));
    return this.renewal;
  }

  private async fetchToken(): Promise<string> {
    const { clientId, clientSecret } = this.credentials;
    const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
    const askedAtMs = this.options.now();
    const answer = await this.options.send({
      method: 'POST',
      url: `${this.options.loginUrl}/oauth/token`,
      endpoint,
      headers: {
        authorization: `Basic ${basic}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: 'grant_type=client_credentials',
    });
    if (answer.status < 200 || answer.status >= 300) throw this.refusal(answer);
    const granted = readAnswer(endpoint, answer.body, tokenAnswer);
    const lifeMs = granted.expires_in * 1000;
    const renewAtMs = askedAtMs + Math.max(lifeMs - renewBeforeMs, lifeMs * 0.9);
    this.failedLogins = 0;
    this.token = { value: granted.access_token, renewAtMs };
    return granted.access_token;
  }

  /** 4xx of the login service is about the client, not about the recording: never `gc-rejected`. */
  private refusal(answer: HttpAnswer): Failure {
    const failure = answerFailure(endpoint, answer);
    if (failure.code === 'gc-unavailable') return failure;
    if (failure.code === 'gc-rate-limited') {
      this.restFor(failure);
      return failure;
    }
    const refused = Failure.later('gc-unauthorized', {
      detail: `${endpoint}: ${describeRefusal(answer)}`,
      retryAfterMs: unauthorizedRetryMs,
    });
    this.setAside(refused);
    return refused;
  }

  /** However many callers want a token: the login service is asked ever more seldom while it is away. */
  private backedOff(error: unknown): unknown {
    if (!(error instanceof Failure) || error.code !== 'gc-unavailable') return error;
    const pauseMs = Math.min(firstPauseMs * 2 ** this.failedLogins, longestPauseMs);
    this.failedLogins += 1;
    const failure = new Failure(error.code, error.retry, {
      retryAfterMs: error.retryAfterMs ?? pauseMs,
      error,
      ...(error.detail === undefined ? {} : { detail: error.detail }),
    });
    this.restFor(failure);
    return failure;
  }

  private restFor(failure: Failure): void {
    const untilMs = this.options.now() + (failure.retryAfterMs ?? unauthorizedRetryMs);
    this.rest = { untilMs, failure, secret: this.credentials.clientSecret };
  }
}
