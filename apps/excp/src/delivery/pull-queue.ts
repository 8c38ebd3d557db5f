import { createQueue, delayJob, type Logger, type QueuePlace } from '@exrec/service-kit';
import type { Job, Queue } from 'bullmq';
import type { CallLog } from '../call-log/call-log.js';
import {
  interactionOf,
  type KeptInteraction,
  type PullRecord,
} from '../call-log/kept-interaction.js';
import type { ExcpMetrics } from '../metrics/excp-metrics.js';
import type { PullOutcome, SegmentSource } from './segment-source.js';

export const pullQueueName = 'metadata-pull';

export type PullJob = { readonly callUUID: string };

/** The jobs that pull the metadata of ended interactions: one per interaction. */
export class PullQueue {
  readonly #queue: Queue<PullJob, void>;

  constructor(place: Omit<QueuePlace, 'name'>) {
    this.#queue = createQueue<PullJob>({ ...place, name: pullQueueName });
  }

  /** Makes sure that there is a job for the interaction of this root call. */
  async add(callUUID: string): Promise<void> {
    // A prefix, because BullMQ takes no job id that is a whole number.
    await this.#queue.add('pull', { callUUID }, { jobId: `call-${callUUID}` });
  }

  close(): Promise<void> {
    return this.#queue.close();
  }
}

export type PullWorkerOptions = {
  readonly callLog: CallLog;
  readonly source: SegmentSource;
  readonly metrics: ExcpMetrics;
  readonly logger: Logger;
  readonly now: () => number;
};

/** Asks the source for the metadata of ended interactions; what it delivers takes the way of all metadata. */
export class PullWorker {
  readonly #options: PullWorkerOptions;

  constructor(options: PullWorkerOptions) {
    this.#options = options;
  }

  async process(job: Job<PullJob, void>): Promise<void> {
    const { callLog, source, now } = this.#options;
    const kept = await callLog.load(job.data.callUUID);
    if (kept?.ended === undefined || kept.pull?.state !== 'pending' || kept.held !== undefined)
      return;
    const outcome = await source.pullSegments(interactionOf(kept), {
      startedAtMs: kept.pull.startedAtMs,
      attempts: kept.pull.attempts,
      nowMs: now(),
    });
    const statuses = await callLog.append(
      outcome.segments.map((segment) => ({ kind: 'segment' as const, segment })),
    );
    for (const status of statuses) this.#options.metrics.metadata(status);
    await this.#record(job.data.callUUID, outcome);
    if (outcome.next.kind === 'again') await delayJob(job, outcome.next.nextTryAtMs);
  }

  /** Metadata that come in the meantime make a note void; it is made again on what is there then. */
  async #record(callUUID: string, { next }: PullOutcome): Promise<void> {
    const { callLog, logger, metrics, now } = this.#options;
    for (;;) {
      const kept = await callLog.load(callUUID);
      if (kept?.pull === undefined) return;
      const value = JSON.stringify(nextPull(kept.pull, next));
      const writes = [{ callUUID: kept.stored.rootCallUUID, field: 'pull', value }];
      if (await callLog.commit(kept, { nextCheckAtMs: nextCheck(kept, next, now()), writes }))
        break;
    }
    if (next.kind === 'complete') return;
    metrics.pullFailed(next.cause);
    const fields = { interactionId: callUUID, cause: next.cause };
    if (next.kind === 'again') logger.info('interaction.metadata-awaited', fields);
    else if (next.isOwed) logger.error('interaction.metadata-missing', fields);
    else logger.info('interaction.metadata-missing', fields);
  }
}

const recheckMs = 600_000;

/** Where a pull stands after one more answer. */
export function nextPull(pull: PullRecord, next: PullOutcome['next']): PullRecord {
  const { startedAtMs } = pull;
  const attempts = pull.attempts + 1;
  if (next.kind === 'complete') return { state: 'complete', attempts, startedAtMs };
  const { cause } = next;
  return next.kind === 'missing'
    ? { state: 'missing', attempts, startedAtMs, cause }
    : { state: 'pending', attempts, startedAtMs, cause, nextTryAtMs: next.nextTryAtMs };
}

/** What waits for this answer has to be decided about at once; an interaction that only waits is left alone. */
export function nextCheck(
  kept: Pick<KeptInteraction, 'callOfMedia' | 'dispatches' | 'endRequested'>,
  next: PullOutcome['next'],
  nowMs: number,
): number {
  const isUndecided = [...kept.callOfMedia.keys()].some((mediaId) => !kept.dispatches.has(mediaId));
  return isUndecided || kept.endRequested || next.kind !== 'again' ? nowMs : nowMs + recheckMs;
}
