import { Failure, retryAfterMs } from '@exrec/service-kit';
import { ownValue, textOf, type JsonObject } from '../interaction/index.js';

/** Wrong credentials need a person: asking faster only gets the account locked. */
const unauthorizedRetryMs = 5 * 60_000;
const rateLimitedMs = 30_000;

/** Code of a failure when RWS did not answer, as opposed to an answer of failure. */
export const noAnswer = 'rws-no-answer';

export interface AnswerFacts {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Absent when the answer is no JSON object. */
  readonly body: JsonObject | undefined;
}

/**
 * What an answer of RWS means, unless it is good: HTTP status and the `statusCode` inside (docs/reference/genesys-facts.md#36-errors). All of it is for later:
 * RWS learns of a recording some time after the call (docs/reference/genesys-facts.md#34-the-recording-resource), and people mend servers.
 * `rws-not-found`, `rws-unauthorized` (slow), `rws-rate-limited`, `rws-refused` (other 4xx), `rws-unavailable` (the rest).
 */
export function answerFailure({ status, headers, body }: AnswerFacts): Failure | undefined {
  const toldMs = retryAfterMs({ headers });
  const detail = `RWS answered ${status}`;
  const later = (code: string, waitMs = toldMs) =>
    Failure.later(code, { detail, ...(waitMs === undefined ? {} : { retryAfterMs: waitMs }) });
  if (status === 401 || status === 403)
    return later('rws-unauthorized', Math.max(toldMs ?? 0, unauthorizedRetryMs));
  if (status === 429) return later('rws-rate-limited', toldMs ?? rateLimitedMs);
  if (status === 404) return later('rws-not-found');
  if (status >= 400 && status < 500 && status !== 408) return later('rws-refused');
  if (status < 200 || status >= 300) return later('rws-unavailable');
  return body === undefined ? undefined : refusalInside(body);
}

/** RWS answers some refusals with 200 and a `statusCode` other than 0; its numbers are not public (docs/reference/genesys-facts.md#36-errors). */
function refusalInside(body: JsonObject): Failure | undefined {
  const statusCode = textOf(ownValue(body, 'statusCode'));
  if (statusCode === undefined || Number(statusCode) === 0) return undefined;
  const words = ['statusCode', 'statusMessage', 'message', 'errorCode', 'error'];
  const isNotFound = words.some((name) =>
    /\bnot[_ ]?found\b/i.test(textOf(ownValue(body, name)) ?? ''),
  );
  if (isNotFound) return Failure.later('rws-not-found', { detail: 'RWS says NOT_FOUND' });
  return Failure.later('rws-unavailable', { detail: 'RWS answered with a statusCode of failure' });
}
