import { Failure, retryAfterMs } from '@exrec/service-kit';
import type { HttpAnswer } from '../transport/http-transport.js';
import { describeRefusal } from './error-body.js';

/** The wait after a 429 that names none: the official command line's least wait (docs/reference/genesys-facts.md#52-rate-limits-and-retry). */
const rateLimitedMs = 5000;
/** Missing permissions and refused clients need a person: slow (docs/design/CONTRACTS.md#36-what-may-happen-and-what-exrp-does). */
export const unauthorizedRetryMs = 60_000;

/**
 * The failure that an answer other than 2xx stands for, with its next action (docs/design/CONTRACTS.md#36-what-may-happen-and-what-exrp-does, docs/design/CONTRACTS.md#9-clarifications (8)).
 *
 * | status | cause | next |
 * | --- | --- | --- |
 * | 3xx, 408, 5xx | `gc-unavailable` | later |
 * | 429 | `gc-rate-limited` | later, after `Retry-After` |
 * | 401, 403 | `gc-unauthorized` | later, slowly |
 * | other 4xx | `gc-rejected` | never |
 */
export function answerFailure(endpoint: string, answer: HttpAnswer): Failure {
  const { status } = answer;
  const told = retryAfterMs(answer);
  const refusal = describeRefusal(answer);
  if (status >= 300 && status < 400) {
    return Failure.later('gc-unavailable', { detail: `${endpoint}: ${status} redirect refused` });
  }
  const detail = `${endpoint}: ${refusal}`;
  if (status === 429) {
    return Failure.later('gc-rate-limited', { detail, retryAfterMs: told ?? rateLimitedMs });
  }
  if (status === 401 || status === 403) {
    return Failure.later('gc-unauthorized', { detail, retryAfterMs: told ?? unauthorizedRetryMs });
  }
  if (status === 408 || status < 400 || status >= 500) {
    const wait = told === undefined ? {} : { retryAfterMs: told };
    return Failure.later('gc-unavailable', { detail, ...wait });
  }
  return Failure.never('gc-rejected', { detail });
}
