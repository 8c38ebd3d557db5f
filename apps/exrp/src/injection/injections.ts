import type { Logger } from '@exrec/service-kit';
import type { InjectionQueue } from './injection-queue.js';
import { openStates, type Injection, type InjectionState } from './states/injection.js';
import type { InjectionStore, NewInjection } from './store/injection-store.js';

export type InjectionsOptions = {
  readonly store: InjectionStore;
  readonly queue: InjectionQueue;
  readonly logger: Logger;
  readonly audioDeadlineMs: number;
  readonly now?: () => number;
};

export type AcceptRequest = Omit<NewInjection, 'acceptedAtMs' | 'audioDeadlineAtMs'>;
export type RequeueOrder = {
  readonly by: string;
  readonly why: string;
  /** Wait before the next try, milliseconds: spreads a mass requeue. */
  readonly delayMs?: number;
};
export type MassRequeueOrder = Omit<RequeueOrder, 'delayMs'> & {
  readonly cause: string;
  readonly limit: number;
  readonly perMinute: number;
};

/** Without its metadata a recording cannot be sent: they are forgotten when its audio is gone. */
export function hasMetadata({ metadata }: Injection): boolean {
  return metadata !== '';
}

/** What may be asked of the injections: accept one, take one back into the queue. */
export class Injections {
  readonly #options: InjectionsOptions;
  readonly #now: () => number;

  constructor(options: InjectionsOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /**
   * Accepts a recording; returns only after Redis has the record and its job.
   * A recording that is known keeps its state; one that waits is tried at once when its announcement was corrected. If
   * an earlier call died between the two writes, this one mends it.
   */
  async accept(request: AcceptRequest): Promise<{ isNew: boolean; state: InjectionState }> {
    const { store, queue, logger, audioDeadlineMs } = this.#options;
    const acceptedAtMs = this.#now();
    const injection = {
      ...request,
      acceptedAtMs,
      audioDeadlineAtMs: acceptedAtMs + audioDeadlineMs,
    };
    const { isNew, state, isCorrected } = await store.accept(injection);
    if (isCorrected && state === 'waiting') await queue.runNow(injection);
    else if (openStates.includes(state)) await queue.add(injection);
    if (isNew) logger.info('recording.accepted', { recordingId: request.recordingId });
    return { isNew, state };
  }

  /**
   * Takes a dead letter, or one that waits, back into the queue with a new deadline; id and history stay. An announced
   * size that the audio never had is dropped: then the audio alone tells whether it is whole.
   * @returns false when the recording is in no such state, or has no metadata any more
   */
  async requeue(injection: Injection, { by, why, delayMs = 0 }: RequeueOrder): Promise<boolean> {
    const { store, queue, logger, audioDeadlineMs } = this.#options;
    if (!hasMetadata(injection)) return false;
    const atMs = this.#now();
    const audioDeadlineAtMs = atMs + audioDeadlineMs;
    const moved = await store.moveFrom(injection.recordingId, ['failed', 'waiting'], {
      state: 'queued',
      detail: undefined,
      nextTryAtMs: undefined,
      audioDeadlineAtMs,
      ...(injection.cause === 'audio-incomplete' ? { expectedSizeBytes: undefined } : {}),
      facts: { ...injection.facts, badDigestSeen: false },
      requeues: [...injection.requeues, { atMs, by, why }].slice(-20),
    });
    if (!moved) return false;
    const queued = { recordingId: injection.recordingId, audioDeadlineAtMs };
    await (delayMs > 0 ? queue.addAll([queued], delayMs) : queue.runNow(queued));
    logger.info('recording.requeued', { recordingId: injection.recordingId });
    return true;
  }

  /**
   * Takes the dead letters of a cause back, the oldest first, `perMinute` of them a minute.
   * @returns how many
   */
  async requeueAll({ cause, limit, perMinute, by, why }: MassRequeueOrder): Promise<number> {
    let requeued = 0;
    for await (const injection of this.#options.store.each(['failed'], cause)) {
      if (requeued >= limit) break;
      const delayMs = Math.floor((requeued * 60_000) / perMinute);
      if (await this.requeue(injection, { by, why, delayMs })) requeued += 1;
    }
    return requeued;
  }
}
