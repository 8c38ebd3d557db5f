import { Failure, retryAfterMs } from '@exrec/service-kit';
import type { RateBudget } from '../budget/rate-budget.js';
import { rateSignal } from '../budget/rate-headers.js';
import type { OauthClient } from '../oauth/oauth-client.js';
import { answerFailure } from '../outcome/answer-failure.js';
import { readAnswer } from '../outcome/read-answer.js';
import type { HttpAnswer, HttpRequest, HttpTransport } from '../transport/http-transport.js';
import type { GcLogger } from './call-report.js';
import type { GcRequest, GcSession, LeftOut } from './gc-request.js';

export type SessionOptions = {
  readonly apiUrl: string;
  readonly clients: readonly OauthClient[];
  readonly budget: RateBudget;
  readonly transport: HttpTransport;
  readonly logger: GcLogger;
};

/** Of one listing. */
const mostWarnings = 20;

/** Requests in the name of one of our OAuth clients, within the budget. */
export class AuthorisedSession implements GcSession {
  private turn = 0;
  /** Clients and endpoints that GC answered with 403 last. */
  private readonly forbidden = new Map<string, string>();

  constructor(private readonly options: SessionOptions) {}

  async call<T>(request: GcRequest<T>): Promise<T> {
    const endpoint = `${request.method} ${request.template}`;
    const answer = await this.sendByAnyClient(request, endpoint);
    if (answer.status >= 200 && answer.status < 300) {
      return readAnswer(endpoint, answer.body, request.shape);
    }
    throw answerFailure(endpoint, answer);
  }

  warnOf(template: string, leftOut: readonly LeftOut[]): void {
    for (const { entityId, fields } of leftOut.slice(0, mostWarnings))
      this.options.logger.warn('gc.entity-left-out', {
        endpoint: `GET ${template}`,
        entityId,
        fields,
      });
  }

  /** Goes on to the next client while one of them is refused or has used up its budget; each is tried at most once. */
  private async sendByAnyClient(
    request: GcRequest<unknown>,
    endpoint: string,
  ): Promise<HttpAnswer> {
    for (let left = this.options.clients.length; ; left -= 1) {
      const client = await this.takeClient(request);
      try {
        const answer = await this.sendBy(client, request, endpoint);
        if (answer.status !== 429 || left <= 1) return answer;
      } catch (error) {
        if (left <= 1 || client.resting() === undefined) throw error;
      }
    }
  }

  private async takeClient({ kind, signal, onGranted }: GcRequest<unknown>): Promise<OauthClient> {
    const usable = this.options.clients.filter((client) => client.resting() === undefined);
    if (usable.length === 0) throw allResting(this.options.clients);
    const keys = usable.map(({ key }) => key);
    // The budget takes the first of those with equally much left: another one each time.
    this.turn = (this.turn + 1) % keys.length;
    const inTurn = [...keys.slice(this.turn), ...keys.slice(0, this.turn)];
    const key = await this.options.budget.take(kind, inTurn, signal);
    const client = usable.find((candidate) => candidate.key === key);
    if (client === undefined) throw new RangeError('the rate budget named an unknown client');
    onGranted?.();
    return client;
  }

  /** A 401 costs one new token, shared by all callers, and one repetition (docs/design/FAILURES.md#4-the-cases (31)). */
  private async sendBy(
    client: OauthClient,
    request: GcRequest<unknown>,
    endpoint: string,
  ): Promise<HttpAnswer> {
    const bearer = await client.bearer();
    const first = await this.exchange(client, this.httpRequest(request, endpoint, bearer));
    if (first.status !== 401) return first;
    const fresh = await client.bearerInsteadOf(bearer);
    await this.options.budget.take(request.kind, [client.key], request.signal);
    const second = await this.exchange(client, this.httpRequest(request, endpoint, fresh));
    if (second.status !== 401) return second;
    const failure = answerFailure(endpoint, second);
    client.setAside(failure);
    throw failure;
  }

  private async exchange(client: OauthClient, request: HttpRequest): Promise<HttpAnswer> {
    const answer = await this.options.transport.send(request);
    this.watchPermission(client.key, request.endpoint, answer);
    try {
      await this.honour(client.key, answer);
    } catch (error) {
      // The answer counts more than the note of it; without Redis the next take fails anyway.
      const code = error instanceof Failure ? error.code : 'unknown';
      this.options.logger.warn('gc.budget-not-noted', { endpoint: request.endpoint, code });
    }
    return answer;
  }

  /** What keeps requests from being answered until a person acts: permissions by endpoint, clients by number. */
  check(): { readonly degraded: string } | undefined {
    const endpoints = [...new Set(this.forbidden.values())];
    const refused = this.options.clients.filter(
      (client) => client.resting()?.code === 'gc-unauthorized',
    ).length;
    const remarks = [
      ...(endpoints.length === 0 ? [] : [`a permission is denied for ${endpoints.join(', ')}`]),
      ...(refused === 0
        ? []
        : [`${refused} of ${this.options.clients.length} OAuth clients are refused`]),
    ];
    return remarks.length === 0 ? undefined : { degraded: remarks.join('; ') };
  }

  /** A permission is missing until a person gives it: an alarm, once until the endpoint opens again. */
  private watchPermission(clientKey: string, endpoint: string, answer: HttpAnswer): void {
    const place = `${clientKey} ${endpoint}`;
    if (answer.status >= 200 && answer.status < 300) this.forbidden.delete(place);
    if (answer.status !== 403 || this.forbidden.has(place)) return;
    this.forbidden.set(place, endpoint);
    const { detail } = answerFailure(endpoint, answer);
    this.options.logger.error('gc.forbidden', { clientKey, endpoint, detail });
  }

  /** What GC asks of one of us, all of us do: the budget is the fleet's. */
  private async honour(clientKey: string, answer: HttpAnswer): Promise<void> {
    const { budget } = this.options;
    const told = retryAfterMs(answer);
    if (answer.status === 429) {
      const forMs = answerFailure('', answer).retryAfterMs ?? told ?? 0;
      await budget.pause(clientKey, forMs);
    } else if (answer.status === 503 && told !== undefined) {
      await budget.pause(clientKey, told);
    }
    const signal = rateSignal(answer);
    if (signal !== undefined) await budget.observe(clientKey, signal);
  }

  private httpRequest(request: GcRequest<unknown>, endpoint: string, bearer: string): HttpRequest {
    const { method, template, path = template, query, body, signal } = request;
    const search = query === undefined || query.size === 0 ? '' : `?${query.toString()}`;
    const headers = { authorization: `Bearer ${bearer}` };
    const url = `${this.options.apiUrl}${path}${search}`;
    if (body === undefined) return { method, url, endpoint, headers, signal };
    return {
      method,
      url,
      endpoint,
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal,
    };
  }
}

/** The failure of the client that will be back first. */
function allResting(clients: readonly OauthClient[]): Failure {
  const [first] = clients
    .flatMap((client) => client.resting() ?? [])
    .toSorted((a, b) => (a.retryAfterMs ?? 0) - (b.retryAfterMs ?? 0));
  return first ?? Failure.later('gc-unauthorized', { detail: 'no OAuth client is given' });
}
