import { setTimeout as sleep } from 'node:timers/promises';
import { isRedisUnavailable, type Logger } from '@exrec/service-kit';
import type { DueCall, DueCalls } from '../call-log/due-calls.js';
import type { ExcpMetrics } from '../metrics/excp-metrics.js';
import type { EndStep } from './end-step.js';

export type EndSweepOptions = {
  readonly dueCalls: Pick<DueCalls, 'take' | 'again' | 'postpone' | 'recovered'>;
  readonly endStep: Pick<EndStep, 'run'>;
  readonly metrics: Pick<ExcpMetrics, 'postponed'>;
  readonly logger: Logger;
};

/** Time between two looks at an empty list: the price in delay of not having a timer for each call. */
const everyMs = 250;
/** Calls looked at at the same time: enough to hide the way to Redis and back, however slow some of them are. */
const atOnce = 16;
/** More are taken when no more than these are left of the last ones: one step on Redis for several calls. */
const refillAt = 8;
/** A call that has changed while it was looked at. */
const changedDelayMs = 500;

/** Looks at the calls whose time has come. Every instance does, each at those that it has taken (ADR 0003). */
export class EndSweep {
  readonly #options: EndSweepOptions;
  readonly #stopping = new AbortController();
  readonly #checks = new Set<Promise<void>>();
  #done: Promise<void> | undefined;

  constructor(options: EndSweepOptions) {
    this.#options = options;
  }

  start(): void {
    this.#done ??= this.#sweep(this.#stopping.signal);
  }

  /** Ends when the calls that are being looked at are done. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#done;
  }

  async #sweep(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const room = atOnce - this.#checks.size;
      // Redis that is away is the next turn's business.
      const taken = await this.#options.dueCalls.take(room).catch((): DueCall[] => []);
      for (const call of taken) {
        const check = this.#check(call).finally(() => this.#checks.delete(check));
        this.#checks.add(check);
      }
      if (taken.length < room) await sleep(everyMs, undefined, { signal }).catch(() => undefined);
      while (this.#checks.size > refillAt) await Promise.race(this.#checks);
    }
    await Promise.all(this.#checks);
  }

  /** Never fails: a call that cannot be looked at is put off, and where even that is impossible it is due again by itself. */
  async #check(call: DueCall): Promise<void> {
    const { dueCalls, endStep } = this.#options;
    const { callUUID, failures } = call;
    try {
      if (!(await endStep.run(callUUID))) await dueCalls.again(callUUID, changedDelayMs);
      if (failures > 0) await dueCalls.recovered(callUUID);
    } catch (error) {
      this.#report(call, error);
      await dueCalls.postpone(call).catch(() => undefined);
    }
  }

  #report({ callUUID, failures }: DueCall, error: unknown): void {
    const { logger, metrics } = this.#options;
    const isOfRedis = isRedisUnavailable(error);
    metrics.postponed(isOfRedis ? 'redis' : 'fault');
    const fields = { callUUID, attempts: failures + 1, error };
    if (isOfRedis) logger.info('interaction.postponed', fields);
    else logger.error('interaction.cannot-be-looked-at', fields);
  }
}
