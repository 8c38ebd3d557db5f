import { recordingIdOf } from '@exrec/gc-metadata';
import { crashPoint, delayJob, Failure, type Logger } from '@exrec/service-kit';
import type { Job } from 'bullmq';
import type { CallLog } from '../call-log/call-log.js';
import type { RuleSource } from '../decision/rules.js';
import { decideSegment } from '../decision/segment-decision.js';
import type { StaConfiguration } from '../decision/sta-configuration.js';
import { flagsOf } from '../end/interaction-flags.js';
import { foldInteraction } from '../interaction/index.js';
import type { ExcpMetrics } from '../metrics/excp-metrics.js';
import { backOffMs } from './back-off.js';
import type { DispatchJob } from './dispatch-queue.js';
import { isSettled, type DispatchRecord } from '../dispatch/dispatch-record.js';
import type { ExrpClient } from './exrp-client.js';
import { injectionRequest } from '../dispatch/injection-request.js';

export type DispatchWorkerOptions = {
  readonly callLog: CallLog;
  readonly rules: RuleSource;
  readonly configuration: StaConfiguration;
  readonly exrp: ExrpClient;
  readonly metrics: ExcpMetrics;
  readonly logger: Logger;
  readonly now: () => number;
};

/** Without usable rules segments wait, and are looked at again this often. */
const noRulesDelayMs = 5_000;
/** Nothing is decided about an interaction that cannot be read as a whole. */
const heldDelayMs = 60_000;
/** So they do after the start until GC's configuration was looked for in Redis. */
const notLookedDelayMs = 1_000;

/**
 * Sends segments to EXRP, one request each. Everything is decided at this moment, from all that is known now, so
 * that late events still correct what was not sent yet.
 */
export class DispatchWorker {
  readonly #options: DispatchWorkerOptions;

  constructor(options: DispatchWorkerOptions) {
    this.#options = options;
  }

  /** One BullMQ job: an attempt at the segment that it names. */
  async process(job: Job<DispatchJob, void>): Promise<void> {
    const { callLog, rules, configuration, now } = this.#options;
    if (!configuration.hasLooked()) return delayJob(job, now() + notLookedDelayMs);
    const { callUUID, mediaId } = job.data;
    const kept = await callLog.load(callUUID);
    const record = kept?.dispatches.get(mediaId);
    if (kept === undefined || record === undefined || isSettled(record)) return;
    const present = rules.current();
    if (present === undefined) return delayJob(job, now() + noRulesDelayMs);
    if (kept.held !== undefined) return delayJob(job, now() + heldDelayMs);
    const interaction = foldInteraction(kept.entries);
    const segment = interaction.segments.find((candidate) => candidate.mediaId === mediaId);
    if (segment === undefined) return;
    const decided = decideSegment(interaction, segment, { rules: present, configuration });
    const next = decided.decision.scope.inScope
      ? await this.#send(injectionRequest(interaction, decided, flagsOf(interaction, kept)), record)
      : ({ state: 'out-of-scope', atMs: now() } as const);
    const isFinal = isSettled(next) && next.state !== 'refused';
    await callLog.note(callUUID, mediaId, {
      ...next,
      ...(isFinal ? { decision: decided.decision } : {}),
    });
    if (isFinal) this.#options.metrics.segmentDecided(decided.decision);
    if (next.nextTryAtMs !== undefined) await delayJob(job, next.nextTryAtMs);
  }

  async #send(
    request: ReturnType<typeof injectionRequest>,
    before: DispatchRecord,
  ): Promise<DispatchRecord> {
    const { exrp, metrics, logger, now } = this.#options;
    const recordingId = recordingIdOf(request.audioFile);
    const attempts = (before.attempts ?? 0) + 1;
    const startedAtMs = now();
    try {
      await exrp.inject(request, `${recordingId}.${attempts}`);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return this.#failed(error, { recordingId, attempts });
    }
    crashPoint('mid-dispatch');
    const durationMs = now() - startedAtMs;
    metrics.dispatched();
    logger.info('segment.dispatched', { recordingId, attempt: attempts, durationMs });
    return { state: 'dispatched', atMs: now(), attempts };
  }

  #failed(
    failure: Failure,
    { recordingId, attempts }: { recordingId: string; attempts: number },
  ): DispatchRecord {
    const { metrics, logger, now } = this.#options;
    const { code: cause, detail, retryAfterMs } = failure;
    metrics.dispatchFailed(cause);
    const fields = { recordingId, attempt: attempts, cause, detail };
    if (failure.retry === 'never') {
      logger.error('segment.refused', fields);
      return { state: 'refused', atMs: now(), attempts, cause, detail };
    }
    const nextTryAtMs = now() + backOffMs({ attempts, retryAfterMs, jitter: Math.random() });
    logger.info('segment.waiting', { ...fields, inMs: nextTryAtMs - now() });
    return { state: 'waiting', atMs: now(), attempts, cause, detail, nextTryAtMs };
  }
}
