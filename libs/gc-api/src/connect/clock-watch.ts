import type { Logger, Metrics } from '@exrec/service-kit';

export type ClockWatchOptions = {
  readonly logger: Pick<Logger, 'warn' | 'info'>;
  readonly metrics: Pick<Metrics, 'gauge'>;
};

/** Clocks of a site and of GC differ by less than this when both are in sync. */
const toleratedMs = 60_000;

/**
 * Compares our clock with GC's, answer by answer: a gauge, and one warning when they come apart. Nothing depends on
 * it: leases use Redis' clock and signed URLs GC's. But call times are wrong then, and so are the ages of files.
 */
export function watchClock({ logger, metrics }: ClockWatchOptions): (aheadMs: number) => void {
  const ahead = metrics.gauge(
    'exrec_gc_clock_ahead_seconds',
    "how far Genesys Cloud's clock is ahead of ours",
  );
  let isOff = false;
  return (aheadMs) => {
    ahead.set(aheadMs / 1000);
    const wasOff = isOff;
    isOff = Math.abs(aheadMs) > toleratedMs;
    const fields = { aheadSeconds: Math.round(aheadMs / 1000) };
    if (isOff && !wasOff) logger.warn('clock.off', fields);
    if (!isOff && wasOff) logger.info('clock.in-step', fields);
  };
}
