import type { Metrics } from '@exrec/service-kit';

/** What is counted of injections. */
export type InjectionMetrics = {
  accepted(): void;
  /** @param isSecondUpload an earlier upload of the same recording may have been stored */
  uploaded(durationMs: number, zipSizeBytes: number, isSecondUpload: boolean): void;
  failed(state: 'waiting' | 'failed', cause: string): void;
  /** A report tells of more uploads of recordings than were noted. */
  foundCopies(copies: number): void;
};

export function injectionMetrics(metrics: Metrics): InjectionMetrics {
  const accepted = metrics.counter(
    'exrec_injections_accepted_total',
    'recordings accepted for injection',
  );
  const uploads = metrics.counter('exrec_uploads_total', 'ZIPs stored by S3');
  const duplicates = metrics.counter(
    'exrec_duplicate_uploads_total',
    'uploads that may have been made twice: a worker was lost in the middle, no answer came, or a report tells of a copy',
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
    foundCopies: (copies) => duplicates.inc(copies),
    failed: (state, cause) => failures.inc({ state, cause }),
  };
}
