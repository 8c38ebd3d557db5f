import type { Metrics } from '@exrec/service-kit';
import type { InjectionQueue } from '../injection/injection-queue.js';
import { openStates } from '../injection/states/injection.js';
import type { InjectionStore } from '../injection/store/injection-store.js';
import type { LatestReport } from '../reports/latest-report.js';
import type { LatestPass } from '../retention/latest-pass.js';

export type BacklogGaugesOptions = {
  readonly metrics: Metrics;
  readonly store: InjectionStore;
  readonly queue: InjectionQueue;
  readonly latestPass: Pick<LatestPass, 'read'>;
  readonly latestReport: Pick<LatestReport, 'read'>;
};

/**
 * What an operator watches: how many recordings are in which state, and which will be lost if nothing changes.
 * All of it is in Redis: the same whichever instance is asked.
 */
export function backlogGauges(options: BacklogGaugesOptions) {
  const { metrics, store, queue, latestPass, latestReport } = options;
  const injections = metrics.gauge('exrec_injections', 'recordings by state', ['state']);
  const jobs = metrics.gauge('exrec_injection_jobs', 'jobs by what they wait for', ['for']);
  const oldestOpen = metrics.gauge(
    'exrec_oldest_open_recording_seconds',
    'age of the oldest recording that is not uploaded and not a dead letter; 0 without one',
  );
  const lostSoon = metrics.gauge(
    'exrec_recordings_lost_within_2h',
    'recordings whose audio is purged within 2 h, by the age of the file, and that are not uploaded',
  );
  const held = metrics.gauge(
    'exrec_recordings_waiting_for_conversation_over_1h',
    'recordings that GC has held for more than an hour because it lacks the conversation, or that no report tells of after a week',
  );
  const reportRead = metrics.gauge(
    'exrec_report_read_timestamp_seconds',
    'when an upload report was read last',
  );
  const retentionPass = metrics.gauge(
    'exrec_retention_pass_timestamp_seconds',
    'when retention looked at the audio files last',
  );
  const retentionStopped = metrics.gauge(
    'exrec_retention_stopped',
    '1 when the last look of retention deleted nothing because something is wrong',
  );
  return {
    /** Reads all of it from Redis. */
    async refresh(nowMs: number): Promise<void> {
      for (const [state, count] of Object.entries(await store.countByState()))
        injections.set({ state }, count);
      const { waiting, delayed, active } = await queue.backlog();
      jobs.set({ for: 'worker' }, waiting);
      jobs.set({ for: 'time' }, delayed);
      jobs.set({ for: 'nothing' }, active);
      const oldestAtMs = await store.oldestAcceptedAtMs(openStates);
      oldestOpen.set(oldestAtMs === undefined ? 0 : Math.max(0, nowMs - oldestAtMs) / 1000);
      const report = await latestReport.read();
      if (report !== undefined) {
        held.set(report.heldOverAnHour);
        reportRead.set(report.readAtMs / 1000);
      }
      const pass = await latestPass.read();
      if (pass === undefined) return;
      lostSoon.set(pass.lostSoon);
      retentionPass.set(pass.atMs / 1000);
      retentionStopped.set(pass.stopped === undefined ? 0 : 1);
    },
  };
}
