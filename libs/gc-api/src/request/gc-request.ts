import type { z } from 'zod';
import type { CallKind } from '../budget/rate-budget.js';

/** One call of the platform API. */
export type GcRequest<T> = {
  readonly kind: CallKind;
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Path below the API origin, with `{id}` for what varies: for logs and metrics. */
  readonly template: string;
  /** The path itself when the template has a variable part. */
  readonly path?: string;
  readonly query?: URLSearchParams;
  readonly body?: unknown;
  /** What a 2xx answer must hold. */
  readonly shape: z.ZodType<T>;
  readonly signal?: AbortSignal | undefined;
  /** The rate budget has granted the request: it is about to go. */
  readonly onGranted?: (() => void) | undefined;
};

/** Every call of this client may be cancelled. */
export type CallOptions = { readonly signal?: AbortSignal | undefined };

/** An entity that was left out of a listing, by its id as far as it has one, and what is wrong with it. */
export type LeftOut = { readonly entityId: string | null; readonly fields: string };

export interface GcSession {
  /** @throws Failure with its next action (docs/design/CONTRACTS.md#36-what-may-happen-and-what-exrp-does); nothing else */
  call<T>(request: GcRequest<T>): Promise<T>;
  /** Tells an operator of entities of a listing that could not be read. */
  warnOf(template: string, leftOut: readonly LeftOut[]): void;
}
