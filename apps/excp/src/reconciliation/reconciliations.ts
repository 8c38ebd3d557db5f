import type { Logger, PeriodicJob } from '@exrec/service-kit';
import type { ReconciliationStore } from './reconciliation-store.js';
import type { ReconciliationResult } from './tally.js';

export type ReconciliationsOptions = {
  readonly store: ReconciliationStore;
  readonly reconcile: (signal: AbortSignal) => Promise<ReconciliationResult>;
  readonly logger: Logger;
  readonly now: () => number;
};

/** `running`: another one is at it, here or elsewhere. */
export type Started =
  | { readonly kind: 'running' }
  | { readonly kind: 'started'; readonly result: Promise<ReconciliationResult> };

const hourMs = 3_600_000;
/**
 * At least once a day, and so often that a file without metadata is found before the 24 h of its retention are over,
 * also when it came just after the last time.
 */
const everyMs = 12 * hourMs;
/** How often it is asked whether it is time: a run that failed is tried again this soon. */
const checkEveryMs = 600_000;

/** Makes reconciliations, one at a time in the whole fleet: by schedule and on demand. */
export class Reconciliations {
  readonly #options: ReconciliationsOptions;
  readonly #stopping = new AbortController();

  constructor(options: ReconciliationsOptions) {
    this.#options = options;
  }

  /** For `startPeriodicJobs`. */
  get job(): PeriodicJob {
    return { name: 'reconciliation', everyMs: checkEveryMs, run: () => this.#runIfDue() };
  }

  /** Gives a run that is going on up. */
  stop(): void {
    this.#stopping.abort(new Error('the service is stopping'));
  }

  /**
   * Makes one now. The promised result may fail with Failure `exrp-unavailable` or an error of Redis.
   * @throws when Redis cannot be asked whether one is running
   */
  async start(): Promise<Started> {
    const claim = await this.#options.store.claimRun();
    if (claim === undefined) return { kind: 'running' };
    const result = this.#run().finally(() => claim.release());
    // Whoever asked may have gone; the outcome is logged anyway.
    result.catch(() => undefined);
    return { kind: 'started', result };
  }

  async #runIfDue(): Promise<void> {
    const latest = await this.#options.store.summary();
    if (latest !== undefined && this.#options.now() - Date.parse(latest.startedAt) < everyMs)
      return;
    const started = await this.start();
    if (started.kind === 'started') await started.result.catch(() => undefined);
  }

  async #run(): Promise<ReconciliationResult> {
    const { reconcile, store, logger } = this.#options;
    try {
      const result = await reconcile(this.#stopping.signal);
      await store.keep(result);
      const { sentence, dispatchedAgain, differences } = result;
      const found = differences.filter(({ count }) => count > 0);
      const counts = Object.fromEntries(found.map(({ kind, count }) => [kind, count]));
      const level = found.length > 0 ? 'warn' : 'info';
      logger[level]('reconciliation.finished', { sentence, dispatchedAgain, ...counts });
      return result;
    } catch (error) {
      if (!this.#stopping.signal.aborted) logger.warn('reconciliation.failed', { error });
      throw error;
    }
  }
}
