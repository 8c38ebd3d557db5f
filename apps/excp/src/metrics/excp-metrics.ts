import type { Metrics } from '@exrec/service-kit';
import type { AppendStatus, CallLog } from '../call-log/call-log.js';
import type { DueCalls } from '../call-log/due-calls.js';
import type { SegmentDecision } from '../decision/decide.js';
import type { EndReason } from '../interaction/index.js';

/** What is counted at EXCP. */
export type ExcpMetrics = {
  metadata(status: AppendStatus | 'rejected', count?: number): void;
  callEvents(status: AppendStatus | 'rejected', count?: number): void;
  redisFull(): void;
  ended(why: EndReason): void;
  /** @param cause `redis` did not answer in time, or `fault`: it can't be looked at */
  postponed(cause: 'redis' | 'fault'): void;
  segmentDecided(decision: SegmentDecision): void;
  dispatched(): void;
  dispatchFailed(cause: string): void;
  pullFailed(cause: string): void;
  /** @param outcome `ok` or the failure's code */
  rwsRequest(outcome: string): void;
};

export function excpMetrics(metrics: Metrics): ExcpMetrics {
  const metadata = metrics.counter('exrec_metadata_total', 'media files named in metadata', [
    'status',
  ]);
  const events = metrics.counter('exrec_call_events_total', 'call events received', ['status']);
  const full = metrics.counter(
    'exrec_redis_oom_total',
    'writes that Redis refused for lack of memory',
  );
  const ended = metrics.counter('exrec_interactions_ended_total', 'interactions that ended', [
    'why',
  ]);
  const postponed = metrics.counter(
    'exrec_interactions_postponed_total',
    'looks at an interaction that could not be done, to be tried again later',
    ['cause'],
  );
  const decided = metrics.counter('exrec_segments_decided_total', 'segments by what was decided', [
    'scope',
    'sta',
  ]);
  const dispatched = metrics.counter(
    'exrec_segments_dispatched_total',
    'segments that EXRP has taken',
  );
  const failures = metrics.counter(
    'exrec_dispatch_failures_total',
    'requests that EXRP did not take',
    ['cause'],
  );
  const pulls = metrics.counter(
    'exrec_metadata_pull_failures_total',
    'pulls that were not complete',
    ['cause'],
  );
  const rws = metrics.counter('exrec_rws_requests_total', 'requests to RWS', ['outcome']);
  return {
    metadata: (status, count = 1) => metadata.inc({ status }, count),
    callEvents: (status, count = 1) => events.inc({ status }, count),
    redisFull: () => full.inc(),
    ended: (why) => ended.inc({ why }),
    postponed: (cause) => postponed.inc({ cause }),
    segmentDecided: ({ scope, sta }) =>
      decided.inc({
        scope: scope.inScope ? 'in' : 'out',
        sta: sta.requested ? 'requested' : sta.reason,
      }),
    dispatched: () => dispatched.inc(),
    dispatchFailed: (cause) => failures.inc({ cause }),
    pullFailed: (cause) => pulls.inc({ cause }),
    rwsRequest: (outcome) => rws.inc({ outcome }),
  };
}

export type BacklogGauges = { refresh(): Promise<void> };

/** Gauges about what is in Redis: the same whichever instance is asked. */
export function backlogGauges(
  metrics: Metrics,
  {
    callLog,
    dueCalls,
  }: {
    readonly callLog: Pick<CallLog, 'backlog'>;
    readonly dueCalls: Pick<DueCalls, 'backlog'>;
  },
  now: () => number,
): BacklogGauges {
  const live = metrics.gauge('exrec_calls_live', 'calls that are not finished');
  const waiting = metrics.gauge('exrec_segments_undispatched', 'segments on their way to EXRP');
  const oldest = metrics.gauge(
    'exrec_oldest_undispatched_seconds',
    'how long the oldest of them is on its way',
  );
  const due = metrics.gauge(
    'exrec_oldest_due_seconds',
    'how long the most overdue call waits to be looked at, e.g. to be ended',
  );
  const postponed = metrics.gauge(
    'exrec_interactions_postponed',
    'interactions that could not be looked at when that was tried last',
  );
  const ageOf = (atMs: number | undefined) =>
    atMs === undefined ? 0 : Math.max(0, now() - atMs) / 1000;
  return {
    refresh: async () => {
      const { liveCalls, undispatched, oldestAtMs } = await callLog.backlog();
      const dueNow = await dueCalls.backlog();
      due.set(ageOf(dueNow.oldestAtMs));
      postponed.set(dueNow.postponed);
      live.set(liveCalls);
      waiting.set(undispatched);
      oldest.set(ageOf(oldestAtMs));
    },
  };
}
