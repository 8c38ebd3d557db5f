import type { Logger, Metrics, PeriodicJob, RedisClock } from '@exrec/service-kit';
import type { InjectionQueue } from '../injection/injection-queue.js';
import type { InjectionStore } from '../injection/store/injection-store.js';
import type { Confirmation } from '../reports/confirmation.js';
import type { LatestReport } from '../reports/latest-report.js';
import type { Retention } from '../retention/retention.js';
import type { SeenFiles } from '../retention/seen-files.js';
import { dropWhatIsOver } from './drop-what-is-over.js';
import { addMissingJobs } from './missing-jobs.js';

export type UpkeepOptions = {
  readonly store: InjectionStore;
  readonly queue: InjectionQueue;
  readonly confirmation: Confirmation;
  readonly latestReport: Pick<LatestReport, 'keep'>;
  readonly retention: Retention;
  readonly seenFiles: SeenFiles;
  readonly retentionMs: number;
  readonly reportIntervalMs: number;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly clock: Pick<RedisClock, 'now' | 'isTrusted'>;
};

const minuteMs = 60_000;

/** What EXRP does every now and then besides injecting; one instance of the fleet each time. */
export function upkeepJobs(options: UpkeepOptions): readonly PeriodicJob[] {
  const { store, queue, confirmation, retention, retentionMs, seenFiles } = options;
  const { reportIntervalMs, logger, metrics } = options;
  const { now, isTrusted } = options.clock;
  const confirmed = metrics.counter(
    'exrec_confirmed_total',
    'recordings that GC reported as stored',
  );
  const deleted = metrics.counter(
    'exrec_audio_files_deleted_total',
    'audio files that retention deleted',
  );
  // Often enough that a file is gone soon after its time, also with the short times of a trial.
  const retentionEveryMs = Math.min(10 * minuteMs, Math.max(1_000, retentionMs / 24));
  return [
    {
      name: 'report',
      everyMs: reportIntervalMs,
      run: async () => {
        const result = await confirmation.run();
        confirmed.inc(result.confirmed);
        const { heldOverAnHour } = result;
        await options.latestReport.keep({ readAtMs: now(), heldOverAnHour });
      },
    },
    {
      name: 'retention',
      everyMs: retentionEveryMs,
      run: async () => {
        deleted.inc((await retention.pass()).deleted);
      },
    },
    {
      name: 'missing-jobs',
      // Reads every open record: rare enough that a backlog of 100,000 hardly notices.
      everyMs: 5 * minuteMs,
      run: async () => {
        await addMissingJobs(store, queue, { logger, nowMs: now() });
      },
    },
    {
      name: 'forget',
      everyMs: 60 * minuteMs,
      run: async () => {
        const dropping = { store, seenFiles, retentionMs, logger, nowMs: now() };
        if (isTrusted()) await dropWhatIsOver(dropping);
      },
    },
  ];
}
