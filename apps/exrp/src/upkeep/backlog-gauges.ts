import type { Metrics } from '@exrec/service-kit';
import type { InjectionQueue } from '../injection/injection-queue.js';
import { openStates, type InjectionState } from '../injection/states/injection.js';
import type { InjectionStore } from '../injection/store/injection-store.js';

/** A recording whose audio goes within this time and that is not uploaded will be lost if nothing changes. */
const lostSoonMs = 2 * 3_600_000;

/** Whether the audio of an open injection is purged within two hours: files of open recordings live twice the retention. */
export function isLostSoon(acceptedAtMs: number, retentionMs: number, nowMs: number): boolean {
  return acceptedAtMs + 2 * retentionMs - nowMs < lostSoonMs;
}

/**
 * What an operator watches: how many recordings are in which state, and which will be lost if nothing changes.
 * All of it is in Redis: the same whichever instance is asked.
 */
export function backlogGauges(metrics: Metrics, store: InjectionStore, queue: InjectionQueue) {
  const injections = metrics.gauge('exrec_injections', 'recordings by state', ['state']);
  const jobs = metrics.gauge('exrec_injection_jobs', 'jobs by what they wait for', ['for']);
  const lostSoon = metrics.gauge(
    'exrec_recordings_lost_within_2h',
    'recordings whose audio is purged within 2 h and that are not uploaded',
  );
  const held = metrics.gauge(
    'exrec_recordings_waiting_for_conversation_over_1h',
    'recordings that GC has held for more than an hour because it lacks the conversation, or that no report tells of after a week',
  );
  const reportRead = metrics.gauge(
    'exrec_report_read_timestamp_seconds',
    'when an upload report was read last',
  );
  return {
    /** Reads all of it from Redis. */
    async refresh(retentionMs: number, nowMs: number): Promise<void> {
      for (const [state, count] of Object.entries(await store.countByState()))
        injections.set({ state }, count);
      const { waiting, delayed, active } = await queue.backlog();
      jobs.set({ for: 'worker' }, waiting);
      jobs.set({ for: 'time' }, delayed);
      jobs.set({ for: 'nothing' }, active);
      const report = await store.latestReport.read();
      if (report !== undefined) {
        held.set(report.heldOverAnHour);
        reportRead.set(report.readAtMs / 1000);
      }
      lostSoon.set(
        await countUntil(store, openStates, ({ acceptedAtMs }) =>
          isLostSoon(acceptedAtMs, retentionMs, nowMs),
        ),
      );
    },
  };
}

/** Counts from the oldest on, and stops at the first of a state that does not match: indexes are in order of acceptance. */
async function countUntil(
  store: InjectionStore,
  states: readonly InjectionState[],
  matches: (injection: { acceptedAtMs: number }) => boolean,
): Promise<number> {
  let count = 0;
  for (const state of states) {
    for await (const injection of store.each([state])) {
      if (!matches(injection)) break;
      count += 1;
    }
  }
  return count;
}
