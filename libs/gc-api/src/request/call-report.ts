/** One HTTP exchange with GC, for metrics. */
export type CallReport = {
  /** Method and path template, e.g. `GET /api/v2/routing/queues`. */
  readonly endpoint: string;
  /** 0 when no answer came. */
  readonly status: number;
  readonly durationMs: number;
};

/** The part of service-kit's logger that this client uses. */
export type GcLogger = {
  debug(event: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(event: string, fields?: Readonly<Record<string, unknown>>): void;
  error(event: string, fields?: Readonly<Record<string, unknown>>): void;
};
