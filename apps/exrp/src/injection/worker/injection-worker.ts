import { setTimeout as sleep } from 'node:timers/promises';
import { crashPoint, delayJob, Failure, isRedisUnavailable, type Logger } from '@exrec/service-kit';
import type { Job } from 'bullmq';
import { isBadDigest } from '../../upload/s3-answer.js';
import { UploadUncertain } from '../../upload/zip-uploader.js';
import type { GcBreaker } from '../../gc-breaker/gc-breaker.js';
import type { Attempt, Facts, Injection } from '../states/injection.js';
import { nextStep } from '../states/next-step.js';
import { inject } from '../steps/inject.js';
import type { InjectionContext } from '../steps/injection-context.js';
import {
  ClaimLost,
  type Change,
  type Claim,
  type ClaimResult,
  type InjectionStore,
} from '../store/injection-store.js';
import type { InjectionMetrics } from './injection-metrics.js';
import type { UploadStanding } from './upload-standing.js';

export type InjectionJob = { readonly recordingId: string };

export type InjectionWorkerOptions = {
  readonly context: InjectionContext;
  readonly store: InjectionStore;
  readonly metrics: InjectionMetrics;
  readonly logger: Logger;
  /** Aborted when the process has to let go of its work. */
  readonly released: AbortSignal;
  /** Takes the audio file away where nobody needs it after the upload. */
  readonly deleteAtOnce: (
    state: 'uploaded',
    injection: Pick<Injection, 'recordingId' | 'audioFile'>,
  ) => Promise<void>;
  /** While an outage lasts no recording is taken up. */
  readonly breaker: Pick<GcBreaker, 'refresh'>;
  readonly standing: UploadStanding;
};

type Claimed = Extract<ClaimResult, { readonly kind: 'claimed' }>;

/** Instances that died on a recording before it is set aside (docs/design/CONTRACTS.md#36-what-may-happen-and-what-exrp-does). */
const deathsUntilPoison = 3;
const outageDelayMs = 1_000;
const historyLength = 20;
/** The outcome of an attempt is worth some patience: without it an upload would be made twice. */
const settlePatienceMs = 60_000;

/** Does the attempts: claims the recording, runs the steps, settles the outcome, names the next try. */
export class InjectionWorker {
  readonly #options: InjectionWorkerOptions;
  /** The end of the line of suspects. */
  #suspects: Promise<unknown> = Promise.resolve();

  constructor(options: InjectionWorkerOptions) {
    this.#options = options;
  }

  /** One BullMQ job: an attempt at the recording it names. */
  async process(job: Job<InjectionJob, void>): Promise<void> {
    const { store } = this.#options;
    const { recordingId } = job.data;
    const result = await store.claim(recordingId);
    if (result.kind !== 'suspect') return this.#follow(job, result);
    // One after the other: a suspect that kills this process must not take its like with it into disrepute.
    const turn = this.#suspects.then(async () =>
      this.#follow(job, await store.claim(recordingId, { alone: true })),
    );
    this.#suspects = turn.catch(() => undefined);
    return turn;
  }

  async #follow(job: Job<InjectionJob, void>, result: ClaimResult): Promise<void> {
    if (result.kind === 'newer-version') {
      const { version } = result;
      this.#options.logger.warn('recording.held', { recordingId: job.data.recordingId, version });
      return delayJob(job, this.#now() + 300_000);
    }
    if (result.kind === 'outage') {
      // Taken when the outage had just begun: back into the line, and no more of them.
      await this.#options.breaker.refresh();
      return delayJob(job, this.#now() + outageDelayMs * (1 + Math.random()));
    }
    if (result.kind !== 'claimed') return;
    crashPoint('after-claim');
    const change = await this.#attemptAndSettle(result);
    crashPoint('after-settle');
    if (change?.state === 'waiting') await delayJob(job, change.nextTryAtMs ?? this.#now());
    if (change?.state === 'queued') await delayJob(job, this.#now());
  }

  /** @returns what the record says now, `undefined` when another worker took over */
  async #attemptAndSettle(claimed: Claimed): Promise<Change | undefined> {
    const { claim, injection, deaths } = claimed;
    const startedAtMs = this.#now();
    try {
      const change =
        deaths >= deathsUntilPoison
          ? this.#failed(injection, startedAtMs, poison())
          : await this.#attempt(claimed);
      await this.#settle(claim, change);
      this.#report(claimed, change, this.#now() - startedAtMs);
      if (change.state === 'uploaded') await this.#options.deleteAtOnce('uploaded', injection);
      return change;
    } catch (error) {
      if (!(error instanceof ClaimLost)) throw error;
      const { recordingId, attempts } = injection;
      this.#options.logger.warn('recording.claim-lost', { recordingId, attempt: attempts });
      return undefined;
    }
  }

  /** Runs the steps; gives what the record has to say afterwards. */
  async #attempt(claimed: Claimed): Promise<Change> {
    const { claim, injection } = claimed;
    const { context, store, released, logger } = this.#options;
    const startedAtMs = this.#now();
    const seen = { facts: injection.facts, isPutting: false };
    const record = (found: Facts) => (seen.facts = found);
    try {
      const facts = await inject(context, {
        injection,
        signal: released,
        record,
        advance: async (state, found) => {
          await store.advance(claim, { state, facts: record(found) });
          seen.isPutting = state === 'uploading';
        },
      });
      const history = this.#history(injection, startedAtMs, { outcome: 'uploaded' });
      const timesStored = (facts.timesStored ?? 0) + (isSecondUpload(claimed) ? 2 : 1);
      const stored = { ...facts, mayBeStored: false, timesStored };
      return { state: 'uploaded', uploadedAtMs: this.#now(), facts: stored, history };
    } catch (error) {
      if (error instanceof ClaimLost) throw error;
      if (released.aborted) {
        const history = this.#history(injection, startedAtMs, { outcome: 'released' });
        return {
          state: 'queued',
          history,
          facts: { ...seen.facts, ...(seen.isPutting ? { mayBeStored: true } : {}) },
        };
      }
      const isUncertain = error instanceof UploadUncertain;
      const facts = { ...seen.facts, ...(isUncertain ? { mayBeStored: true } : {}) };
      return this.#failed({ ...injection, facts }, startedAtMs, asFailure(error, logger));
    }
  }

  #failed(injection: Injection, startedAtMs: number, given: Failure): Change {
    const { failure, facts } = secondChance(given, injection.facts);
    const step = nextStep(failure, {
      nowMs: this.#now(),
      attempts: injection.attempts,
      audioDeadlineAtMs: injection.audioDeadlineAtMs,
      jitter: Math.random(),
    });
    const { code: cause, detail } = failure;
    const history = this.#history(injection, startedAtMs, {
      outcome: step.state,
      cause,
      ...(detail ? { detail } : {}),
    });
    return { ...step, cause, detail, history, facts };
  }

  /** Counts and logs an outcome, once Redis has it. */
  #report(claimed: Claimed, change: Change, durationMs: number): void {
    const { metrics, logger, standing } = this.#options;
    const { injection } = claimed;
    const { recordingId, attempts: attempt } = injection;
    const { state, cause = '', detail, nextTryAtMs } = change;
    if (state === 'uploaded') {
      const sizeBytes = change.facts?.zipSizeBytes ?? 0;
      metrics.uploaded(durationMs, sizeBytes, isSecondUpload(claimed));
      standing.succeeded();
      logger.info('recording.uploaded', { recordingId, attempt, sizeBytes, durationMs });
    } else if (state === 'failed') {
      metrics.failed(state, cause);
      logger.error('recording.failed', { recordingId, attempt, cause, detail });
    } else if (state === 'waiting') {
      metrics.failed(state, cause);
      standing.failed(cause, detail);
      const inMs = (nextTryAtMs ?? this.#now()) - this.#now();
      logger.info('recording.waiting', { recordingId, attempt, cause, detail, inMs });
    } else logger.info('recording.released', { recordingId, attempt });
  }

  #history(
    injection: Injection,
    startedAtMs: number,
    end: Pick<Attempt, 'outcome' | 'cause' | 'detail'>,
  ): Attempt[] {
    const attempt = { attempt: injection.attempts, startedAtMs, endedAtMs: this.#now(), ...end };
    return [...injection.history, attempt].slice(-historyLength);
  }

  async #settle(claim: Claim, change: Change): Promise<void> {
    const giveUpAtMs = this.#now() + settlePatienceMs;
    for (;;) {
      try {
        await this.#options.store.settle(claim, change);
        return;
      } catch (error) {
        if (!isRedisUnavailable(error)) throw error;
        if (this.#now() > giveUpAtMs) {
          const { recordingId } = claim;
          this.#options.logger.warn('recording.outcome-lost', { recordingId, state: change.state });
          throw error;
        }
        await sleep(500);
      }
    }
  }

  #now(): number {
    return this.#options.context.now();
  }
}

/** An earlier upload may have been stored: its worker was lost in the middle of it, or no answer came. */
function isSecondUpload({ injection, wasUploading }: Claimed): boolean {
  return wasUploading || injection.facts.mayBeStored === true;
}

function poison(): Failure {
  return Failure.never('poison', { detail: 'three instances died while they worked on it' });
}

function asFailure(error: unknown, logger: Logger): Failure {
  if (error instanceof Failure) return error;
  if (isRedisUnavailable(error)) return Failure.later('redis-unavailable', { error });
  logger.error('recording.unexpected-error', { error });
  return Failure.later('unexpected-error', { error });
}

/** BadDigest gets one more try with a fresh seal; the second one is final (docs/design/CONTRACTS.md#36-what-may-happen-and-what-exrp-does). */
function secondChance(failure: Failure, facts: Facts): { failure: Failure; facts: Facts } {
  if (!isBadDigest(failure) || facts.badDigestSeen === true) return { failure, facts };
  const again = Failure.later(
    failure.code,
    failure.detail === undefined ? {} : { detail: failure.detail },
  );
  return { failure: again, facts: { ...facts, badDigestSeen: true } };
}
