import { recordingIdOf, type InjectionRequest } from '@exrec/gc-metadata';
import { crashPoint, delayJob, Failure, type Logger } from '@exrec/service-kit';
import type { Job } from 'bullmq';
import type { CallLog } from '../call-log/call-log.js';
import {
  deliveryWrite,
  interactionOf,
  type KeptInteraction,
} from '../call-log/kept-interaction.js';
import { pinWrite } from '../call-log/pin-text.js';
import type { Planner } from '../conversations/planning/planner.js';
import { isSettled, type DeliveryRecord } from '../decision/delivery-record.js';
import { attemptsOf, newPins, withLegs } from '../decision/plan.js';
import type { Rules, RuleSource } from '../rules/rules.js';
import type { StaConfiguration } from '../decision/sta-configuration.js';
import type { ExcpMetrics } from '../metrics/excp-metrics.js';
import { backOffMs } from './back-off.js';
import type { DispatchJob } from './dispatch-queue.js';
import type { ExrpClient } from './exrp-client.js';

export type DispatchWorkerOptions = {
  readonly callLog: CallLog;
  readonly rules: RuleSource;
  readonly configuration: StaConfiguration;
  readonly exrp: ExrpClient;
  /** Names the legs of recordings; undefined: they are named by the fold alone. */
  readonly planner: Pick<Planner, 'legIds'> | undefined;
  readonly metrics: ExcpMetrics;
  readonly logger: Logger;
  readonly now: () => number;
};

/** Without usable rules segments wait, and are looked at again this often. */
const noRulesDelayMs = 5_000;
/** Nothing is decided about an interaction that cannot be read as a whole. */
const heldDelayMs = 60_000;
/** Something came for the interaction while it was decided about. */
const changedDelayMs = 100;
/** So they do after the start until GC's configuration was looked for in Redis. */
const notCheckedDelayMs = 1_000;

/**
 * Sends segments to EXRP, one request each. Everything is decided at the first attempt, from all that is known then;
 * from there on the request stays as it is until EXRP has answered (docs/design/CONTRACTS.md#16-clarifications-of-the-second-round (10)).
 */
export class DispatchWorker {
  readonly #options: DispatchWorkerOptions;

  constructor(options: DispatchWorkerOptions) {
    this.#options = options;
  }

  /** One BullMQ job: an attempt at the segment that it names. */
  async process(job: Job<DispatchJob, void>): Promise<void> {
    const { callLog, rules, configuration, now } = this.#options;
    if (!configuration.hasChecked()) return delayJob(job, now() + notCheckedDelayMs);
    const { callUUID, mediaId } = job.data;
    const kept = await callLog.load(callUUID);
    const before = kept?.dispatches.get(mediaId);
    if (kept === undefined || before === undefined || isSettled(before)) return;
    const present = rules.current();
    if (present === undefined) return delayJob(job, now() + noRulesDelayMs);
    if (kept.held !== undefined) return delayJob(job, now() + heldDelayMs);
    if (before.request === undefined && before.told !== undefined) {
      const known = await this.#known(mediaId, before);
      if (known !== undefined) {
        await callLog.record(kept, mediaId, known);
        return known.nextTryAtMs === undefined ? undefined : delayJob(job, known.nextTryAtMs);
      }
    }
    const record =
      before.request === undefined ? await this.#decide(kept, mediaId, present) : before;
    if (record === 'changed') return delayJob(job, now() + changedDelayMs);
    if (record?.request === undefined) return;
    const next = await this.#send(record.request, record);
    await callLog.record(kept, mediaId, next);
    if (next.nextTryAtMs !== undefined) await delayJob(job, next.nextTryAtMs);
  }

  /**
   * Decides about all segments of the interaction of which EXRP has got nothing, and keeps what is going to be sent, before
   * it gets any of them: they don't get into each other's way then, and agree about whose they are.
   */
  async #decide(
    kept: KeptInteraction,
    mediaId: string,
    rules: Rules,
  ): Promise<DeliveryRecord | 'changed' | undefined> {
    const { callLog, configuration, planner, metrics, now } = this.#options;
    const legs = await planner?.legIds(kept);
    // The legs were written just now, or something came for the interaction: it has to be read again.
    if (planner !== undefined && legs === undefined) return 'changed';
    const interaction = interactionOf(kept);
    const facts = { rules, configuration };
    const decided = attemptsOf(interaction, kept.dispatches, { facts, nowMs: now() });
    const attempts = withLegs(decided, legs);
    const writes = [
      ...attempts.map((attempt) => deliveryWrite(kept, attempt.mediaId, attempt.record)),
      ...newPins(interaction, attempts).map(pinWrite),
    ];
    if (!(await callLog.commit(kept, { writes }))) return 'changed';
    for (const { decision } of attempts) metrics.segmentDecided(decision);
    return attempts.find((attempt) => attempt.mediaId === mediaId)?.record;
  }

  async #send(request: InjectionRequest, record: DeliveryRecord): Promise<DeliveryRecord> {
    const { exrp, metrics, logger, now } = this.#options;
    const { decision, told } = record;
    const recordingId = recordingIdOf(request.audioFile);
    const attempts = (record.attempts ?? 0) + 1;
    const startedAtMs = now();
    try {
      await exrp.inject(request, `${recordingId}.${attempts}`);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      // What was refused now may have come through before, when its answer was lost.
      const known =
        error.retry === 'never' && attempts > 1
          ? await this.#known(request.audioFile, { ...record, attempts })
          : undefined;
      // Where EXRP cannot be asked either, that is put off as well.
      if (known !== undefined)
        return known.state === 'dispatched' ? known : { ...known, decision, request };
      const failed = this.#failed(error, { recordingId, attempts });
      return failed.state === 'refused'
        ? { ...failed, told }
        : { ...failed, decision, told, request };
    }
    crashPoint('mid-dispatch');
    const durationMs = now() - startedAtMs;
    metrics.dispatched();
    logger.info('segment.dispatched', { recordingId, attempt: attempts, durationMs });
    return { state: 'dispatched', atMs: now(), attempts, decision, told };
  }

  /**
   * EXRP is asked what it has before anything is decided anew about a segment that was told to it: `dispatched` when it
   * has it, `waiting` when it cannot be asked; undefined: it does not have it.
   */
  async #known(mediaId: string, record: DeliveryRecord): Promise<DeliveryRecord | undefined> {
    const { exrp, logger, now } = this.#options;
    const { decision, told } = record;
    const recordingId = recordingIdOf(mediaId);
    const attempts = record.attempts ?? 1;
    try {
      if (!(await exrp.has(recordingId))) return undefined;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      const failed = this.#failed(error, { recordingId, attempts: attempts + 1 });
      return { ...failed, told };
    }
    logger.info('segment.known-to-exrp', { recordingId });
    return { state: 'dispatched', atMs: now(), attempts, decision, told };
  }

  #failed(
    failure: Failure,
    { recordingId, attempts }: { recordingId: string; attempts: number },
  ): DeliveryRecord {
    const { metrics, logger, now } = this.#options;
    const { code: cause, detail, retryAfterMs } = failure;
    metrics.dispatchFailed(cause);
    const fields = { recordingId, attempt: attempts, cause, detail };
    const failed = { atMs: now(), attempts, cause, detail };
    if (failure.retry === 'never') {
      logger.error('segment.refused', fields);
      return { state: 'refused', ...failed };
    }
    const nextTryAtMs = now() + backOffMs({ attempts, retryAfterMs, jitter: Math.random() });
    logger.info('segment.waiting', { ...fields, inMs: nextTryAtMs - now() });
    return { state: 'waiting', ...failed, nextTryAtMs };
  }
}
