import type { Metrics } from '@exrec/service-kit';

/** What is counted of injections. */
export type InjectionMetrics = {
  accepted(): void;
  /** @param isSecondUpload a worker had died while it uploaded the same recording */
  uploaded(durationMs: number, zipSizeBytes: number, isSecondUpload: boolean): void;
  failed(state: 'waiting' | 'failed', cause: string): void;
};

export function injectionMetrics(metrics: Metrics): InjectionMetrics {
  const accepted = metrics.counter(
    'exrec_injections_accepted_total',
    'recordings accepted for injection',
  );
  const uploads = metrics.counter('exrec_uploads_total', 'ZIPs stored by S3');
  const duplicates = metrics.counter(
    'exrec_duplicate_uploads_total',
    'uploads of recordings whose earlier worker died while it uploaded',
  );
  const bytes = metrics.counter('exrec_uploaded_bytes_total', 'bytes of uploaded ZIPs');
  const failures = metrics.counter('exrec_attempts_failed_total', 'attempts that did not succeed', [
    'state',
    'cause',
  ]);
  const seconds = metrics.histogram({
    name: 'exrec_injection_seconds',
    help: 'time of a successful attempt',
  });
  return {
    accepted: () => accepted.inc(),
    uploaded: (durationMs, zipSizeBytes, isSecondUpload) => {
      uploads.inc();
      bytes.inc(zipSizeBytes);
      seconds.observe(durationMs / 1000);
      if (isSecondUpload) duplicates.inc();
    },
    failed: (state, cause) => failures.inc({ state, cause }),
  };
}
