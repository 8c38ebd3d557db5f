import type { z } from 'zod';
import { Failure } from '@exrec/service-kit';
import { parseJson } from './error-body.js';

/**
 * Reads the body of a 2xx answer. Unknown fields are dropped.
 * @throws Failure `gc-unavailable` (later, docs/design/CONTRACTS.md#9-clarifications (8)) when it is not JSON or lacks a field; the
 *   detail names the fields, never their values
 */
export function readAnswer<T>(endpoint: string, body: string, shape: z.ZodType<T>): T {
  const parsed = shape.safeParse(parseJson(body));
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues
    .map(({ path }) => path.join('.'))
    .filter((path) => path !== '');
  throw unreadable(endpoint, fields.slice(0, 3).join(', '));
}

/** An answer that is of no use: no JSON, or with faults in these fields. */
export function unreadable(endpoint: string, fields: string): Failure {
  const fault = fields === '' ? 'no JSON object' : `without a good ${fields}`;
  return Failure.later('gc-unavailable', { detail: `${endpoint}: answer ${fault}` });
}
