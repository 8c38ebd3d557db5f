import { setTimeout as sleep } from 'node:timers/promises';
import { crashPoint, delayJob, Failure, isRedisUnavailable, type Logger } from '@exrec/service-kit';
import type { Job } from 'bullmq';
import { isBadDigest } from '../../upload/s3-answer.js';
import type { Attempt, Facts, Injection } from '../states/injection.js';
import { nextStep } from '../states/next-step.js';
import { inject } from '../steps/inject.js';
import type { InjectionContext } from '../steps/injection-context.js';
import {
  ClaimLost,
  type Change,
  type Claim,
  type InjectionStore,
} from '../store/injection-store.js';
import type { InjectionMetrics } from './injection-metrics.js';

export type InjectionJob = { readonly recordingId: string };

export type InjectionWorkerOptions = {
  readonly context: InjectionContext;
  readonly store: InjectionStore;
  readonly metrics: InjectionMetrics;
  readonly logger: Logger;
  /** Aborted when the process has to let go of its work. */
  readonly released: AbortSignal;
};

/** Workers that died on a recording before it is set aside (CONTRACTS 3.6). */
const deathsUntilPoison = 3;
const historyLength = 20;
/** The outcome of an attempt is worth some patience: without it an upload would be made twice. */
const settlePatienceMs = 60_000;

/** Does the attempts: claims the recording, runs the steps, settles the outcome, names the next try. */
export class InjectionWorker {
  readonly #options: InjectionWorkerOptions;

  constructor(options: InjectionWorkerOptions) {
    this.#options = options;
  }

  /** One BullMQ job: an attempt at the recording it names. */
  async process(job: Job<InjectionJob, void>): Promise<void> {
    const { store, logger } = this.#options;
    const result = await store.claim(job.data.recordingId);
    if (result.kind === 'newer-version') {
      logger.warn('recording.held', { recordingId: job.data.recordingId, version: result.version });
      return delayJob(job, this.#now() + 300_000);
    }
    if (result.kind !== 'claimed') return;
    crashPoint('after-claim');
    const { claim, injection, unsettledAttempts, wasUploading } = result;
    const startedAtMs = this.#now();
    const change =
      unsettledAttempts > deathsUntilPoison
        ? this.#failed(
            injection,
            startedAtMs,
            Failure.never('poison', { detail: 'its worker died three times' }),
          )
        : await this.#attempt(claim, injection, wasUploading);
    if (change === undefined) return;
    await this.#settle(claim, change);
    crashPoint('after-settle');
    if (change.state === 'waiting') await delayJob(job, change.nextTryAtMs ?? this.#now());
    if (change.state === 'queued') await delayJob(job, this.#now());
  }

  /** Runs the steps; gives what the record has to say afterwards, `undefined` when another worker took over. */
  async #attempt(
    claim: Claim,
    injection: Injection,
    wasUploading: boolean,
  ): Promise<Change | undefined> {
    const { context, store, released, metrics, logger } = this.#options;
    const { recordingId, attempts } = injection;
    const startedAtMs = this.#now();
    try {
      const facts = await inject(context, {
        injection,
        signal: released,
        advance: (state, found) => store.advance(claim, { state, facts: found }),
      });
      const durationMs = this.#now() - startedAtMs;
      metrics.uploaded(durationMs, facts.zipSizeBytes ?? 0, wasUploading);
      logger.info('recording.uploaded', {
        recordingId,
        attempt: attempts,
        sizeBytes: facts.zipSizeBytes,
        durationMs,
      });
      const history = this.#history(injection, startedAtMs, { outcome: 'uploaded' });
      return { state: 'uploaded', uploadedAtMs: this.#now(), facts, history };
    } catch (error) {
      if (error instanceof ClaimLost) {
        logger.warn('recording.claim-lost', { recordingId, attempt: attempts });
        return undefined;
      }
      if (released.aborted) {
        const history = this.#history(injection, startedAtMs, { outcome: 'released' });
        return { state: 'queued', history };
      }
      return this.#failed(injection, startedAtMs, asFailure(error, logger));
    }
  }

  #failed(injection: Injection, startedAtMs: number, given: Failure): Change {
    const { metrics, logger } = this.#options;
    const { recordingId, attempts } = injection;
    const { failure, facts } = secondChance(given, injection.facts);
    const step = nextStep(failure, {
      nowMs: this.#now(),
      attempts,
      audioDeadlineAtMs: injection.audioDeadlineAtMs,
      jitter: Math.random(),
    });
    const { code: cause, detail } = failure;
    metrics.failed(step.state, cause);
    const fields = { recordingId, attempt: attempts, cause, detail };
    if (step.state === 'failed') logger.error('recording.failed', fields);
    else logger.info('recording.waiting', { ...fields, inMs: step.nextTryAtMs - this.#now() });
    const history = this.#history(injection, startedAtMs, {
      outcome: step.state,
      cause,
      ...(detail ? { detail } : {}),
    });
    return { ...step, cause, detail, history, ...(facts === undefined ? {} : { facts }) };
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
        if (!isRedisUnavailable(error) || this.#now() > giveUpAtMs) throw error;
        await sleep(500);
      }
    }
  }

  #now(): number {
    return this.#options.context.now();
  }
}

function asFailure(error: unknown, logger: Logger): Failure {
  if (error instanceof Failure) return error;
  if (isRedisUnavailable(error)) return Failure.later('redis-unavailable', { error });
  logger.error('recording.unexpected-error', { error });
  return Failure.later('unexpected-error', { error });
}

/** BadDigest gets one more try with a fresh seal; the second one is final (CONTRACTS 3.6). */
function secondChance(failure: Failure, facts: Facts): { failure: Failure; facts?: Facts } {
  if (!isBadDigest(failure) || facts.badDigestSeen === true) return { failure };
  const again = Failure.later(
    failure.code,
    failure.detail === undefined ? {} : { detail: failure.detail },
  );
  return { failure: again, facts: { ...facts, badDigestSeen: true } };
}
