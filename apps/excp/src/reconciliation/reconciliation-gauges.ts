import type { Metrics } from '@exrec/service-kit';
import type { ReconciliationStore } from './reconciliation-store.js';

/** Gauges of the latest reconciliation: the same whichever instance is asked. */
export function reconciliationGauges(
  metrics: Metrics,
  store: Pick<ReconciliationStore, 'summary'>,
): { refresh(): Promise<void> } {
  const segments = metrics.gauge(
    'exrec_reconciled_segments',
    'segments of ended interactions by where they stood at the latest reconciliation',
    ['standing'],
  );
  const differences = metrics.gauge(
    'exrec_reconciliation_differences',
    'differences that the latest reconciliation found',
    ['kind'],
  );
  const finished = metrics.gauge(
    'exrec_reconciliation_finished_timestamp_seconds',
    'when the latest reconciliation ended',
  );
  return {
    refresh: async () => {
      const summary = await store.summary();
      if (summary === undefined) return;
      for (const [standing, count] of Object.entries(summary.segments))
        segments.set({ standing }, count);
      for (const { kind, count } of summary.differences) differences.set({ kind }, count);
      finished.set(Date.parse(summary.finishedAt) / 1000);
    },
  };
}
