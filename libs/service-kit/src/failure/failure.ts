/** What to do with the work that failed: try again later, or never. */
export type Retry = 'later' | 'never';

export type FailureOptions = {
  /** Earliest moment of the next try, counted from now, when the other side named one. Milliseconds. */
  readonly retryAfterMs?: number;
  /** Words for an operator. Never a phone number, a token, a signed URL or user data. */
  readonly detail?: string;
  /** The error underneath; it reaches a log only by name and code. */
  readonly error?: unknown;
};

/**
 * A failure that carries its next action (docs/design/DESIGN.md#decisions (6)).
 * `code` is the cause as listed in docs/design/CONTRACTS.md#36-what-may-happen-and-what-exrp-does, e.g. `audio-missing`.
 */
export class Failure extends Error {
  readonly code: string;
  readonly retry: Retry;
  readonly retryAfterMs: number | undefined;
  readonly detail: string | undefined;

  constructor(code: string, retry: Retry, options: FailureOptions = {}) {
    super(options.detail === undefined ? code : `${code}: ${options.detail}`, {
      cause: options.error,
    });
    this.name = 'Failure';
    this.code = code;
    this.retry = retry;
    this.retryAfterMs = options.retryAfterMs;
    this.detail = options.detail;
  }

  /** A failure that time may mend. */
  static later(code: string, options?: FailureOptions): Failure {
    return new Failure(code, 'later', options);
  }

  /** A failure that no retry mends. */
  static never(code: string, options?: FailureOptions): Failure {
    return new Failure(code, 'never', options);
  }
}
