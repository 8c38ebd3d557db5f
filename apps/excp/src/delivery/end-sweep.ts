import { isRedisUnavailable, type Logger, type PeriodicJob } from '@exrec/service-kit';
import type { CallLog } from '../call-log/call-log.js';
import type { EndStep } from './end-step.js';

export type EndSweepOptions = {
  readonly callLog: Pick<CallLog, 'due' | 'postpone'>;
  readonly endStep: Pick<EndStep, 'look'>;
  readonly logger: Logger;
  readonly now: () => number;
};

/** Time between two sweeps of the whole fleet: the price in delay of not having a timer for each call. */
const everyMs = 500;
const batchSize = 40;
/** Calls looked at at the same time: enough to hide the way to Redis and back. */
const atOnce = 8;
/** A sweep gives others a turn after this time; what is left is first in the next one. */
const longestSweepMs = 4_000;
/** A call that can't be looked at, for a fault of ours, doesn't hold up the others. */
const faultDelayMs = 60_000;

/** Looks at the calls whose time has come, on whichever instance gets the next job of the schedule (ADR 0003). */
export class EndSweep {
  readonly #options: EndSweepOptions;
  #isStopping = false;

  constructor(options: EndSweepOptions) {
    this.#options = options;
  }

  /** For `startPeriodicJobs`. Two instances at it at once do no harm. */
  get job(): PeriodicJob {
    return { name: 'end-sweep', everyMs, run: () => this.sweep() };
  }

  /** Has a sweep that is going on end after the calls it is looking at. */
  stop(): void {
    this.#isStopping = true;
  }

  /** Looks at what is due, for a few seconds at most. */
  async sweep(): Promise<void> {
    const { callLog, now } = this.#options;
    const untilMs = now() + longestSweepMs;
    while (now() < untilMs && !this.#isStopping) {
      const due = await callLog.due(batchSize);
      for (let start = 0; start < due.length; start += atOnce) {
        await Promise.all(due.slice(start, start + atOnce).map((call) => this.#look(call)));
      }
      if (due.length < batchSize) return;
    }
  }

  async #look(callUUID: string): Promise<void> {
    const { endStep, callLog, logger, now } = this.#options;
    try {
      // Not at once: others are next, however often this one changes.
      if (!(await endStep.look(callUUID))) await callLog.postpone(callUUID, now() + everyMs);
    } catch (error) {
      if (isRedisUnavailable(error)) throw error;
      logger.error('interaction.cannot-be-looked-at', { callUUID, error });
      await callLog.postpone(callUUID, now() + faultDelayMs);
    }
  }
}
