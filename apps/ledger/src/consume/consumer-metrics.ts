import type { Metrics } from '@exrec/service-kit';

export type ConsumerMetrics = {
  written(entries: number, stale: number, durationMs: number): void;
  setAside(): void;
};

export function consumerMetrics(metrics: Metrics): ConsumerMetrics {
  const entries = metrics.counter(
    'exrec_ledger_entries_total',
    'changes brought into the database',
  );
  const stale = metrics.counter(
    'exrec_ledger_stale_entries_total',
    'changes that came twice or late and changed nothing',
  );
  const aside = metrics.counter(
    'exrec_ledger_set_aside_total',
    'changes that could not be brought into the database and were set aside by name',
  );
  const seconds = metrics.histogram({
    name: 'exrec_ledger_batch_seconds',
    help: 'time to bring a batch of changes into the database',
  });
  return {
    written: (count, staleCount, durationMs) => {
      entries.inc(count);
      stale.inc(staleCount);
      seconds.observe(durationMs / 1000);
    },
    setAside: () => aside.inc(),
  };
}
