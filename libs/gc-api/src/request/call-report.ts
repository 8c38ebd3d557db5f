import type { Logger } from '@exrec/service-kit';

/** One HTTP exchange with GC, for metrics. */
export type CallReport = {
  /** Method and path template, e.g. `GET /api/v2/routing/queues`. */
  readonly endpoint: string;
  /** 0 when no answer came. */
  readonly status: number;
  readonly durationMs: number;
  /** How far GC's clock is ahead of ours, by the answer's `Date`; GC tells whole seconds. */
  readonly clockAheadMs?: number;
};

/** What this client needs of a logger. */
export type GcLogger = Pick<Logger, 'debug' | 'warn' | 'error'>;
