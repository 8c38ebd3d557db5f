import type { Metrics } from '@exrec/service-kit';
import type { AppendStatus, CallLog } from '../call-log/call-log.js';
import type { SegmentDecision } from '../decision/segment-decision.js';
import type { EndReason } from '../interaction/index.js';

/** What is counted at EXCP. */
export type ExcpMetrics = {
  metadata(status: AppendStatus | 'rejected', count?: number): void;
  callEvents(status: AppendStatus | 'rejected', count?: number): void;
  redisFull(): void;
  ended(why: EndReason): void;
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
  callLog: Pick<CallLog, 'backlog'>,
  now: () => number,
): BacklogGauges {
  const live = metrics.gauge('exrec_calls_live', 'calls that are not finished');
  const waiting = metrics.gauge('exrec_segments_undispatched', 'segments on their way to EXRP');
  const oldest = metrics.gauge(
    'exrec_oldest_undispatched_seconds',
    'how long the oldest of them is on its way',
  );
  return {
    refresh: async () => {
      const { liveCalls, undispatched, oldestAtMs } = await callLog.backlog();
      live.set(liveCalls);
      waiting.set(undispatched);
      oldest.set(oldestAtMs === undefined ? 0 : Math.max(0, now() - oldestAtMs) / 1000);
    },
  };
}
