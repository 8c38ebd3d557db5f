import { Failure } from '@exrec/service-kit';

/** A key that must not be used, with the reason for an operator; never any key material. */
export function keyRefused(reason: string, error?: unknown): Failure {
  return Failure.later('key-invalid', { detail: reason, error });
}
