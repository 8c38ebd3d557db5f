import type { Logger, PeriodicJob } from '@exrec/service-kit';
import type { ReconciliationStore } from './reconciliation-store.js';
import type { ReconciliationResult } from './tally.js';

export type ReconciliationsOptions = {
  readonly store: ReconciliationStore;
  readonly reconcile: (signal: AbortSignal, lostAtMs: number) => Promise<ReconciliationResult>;
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
  readonly #startedAtMs: number;

  constructor(options: ReconciliationsOptions) {
    this.#options = options;
    this.#startedAtMs = options.now();
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

  /** Makes one now, and again until one has succeeded: Redis has lost writes. */
  async startUntilDone(): Promise<void> {
    await this.#options.store.want(this.#options.now());
    await this.start();
  }

  async #runIfDue(): Promise<void> {
    if (!(await this.#isDue())) return;
    const started = await this.start();
    if (started.kind === 'started') await started.result.catch(() => undefined);
  }

  async #isDue(): Promise<boolean> {
    const { store, now } = this.#options;
    if (await store.isWanted()) return true;
    const latest = await store.summary();
    // A service that has just begun has nothing to compare yet, and its neighbours may still be starting.
    const since = latest === undefined ? this.#startedAtMs : Date.parse(latest.startedAt);
    return now() - since > (latest === undefined ? checkEveryMs / 2 : everyMs);
  }

  async #run(): Promise<ReconciliationResult> {
    const { reconcile, store, logger } = this.#options;
    try {
      const result = await reconcile(this.#stopping.signal, await store.lostAtMs());
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
