import type { RecordingStore } from '@exrec/recording-store';
import type { Outages } from '../retention/outages.js';

export type StorageWatchOptions = {
  readonly recordings: Pick<RecordingStore, 'check'>;
  readonly outages: Pick<Outages, 'record'>;
  /** Redis' time, epoch ms. */
  readonly now: () => number;
};

/** Shorter than `ready` waits for a check: an answer that is late is degraded, not down. */
const patienceMs = 1_000;
/** One look that fails is no outage. */
const checksUntilOutage = 2;

/** Looks whether WebDAV is there. EXRP accepts recordings without it (docs/design/CONTRACTS.md#16-clarifications-of-the-second-round (8)). */
export class StorageWatch {
  readonly #options: StorageWatchOptions;
  #failedChecks = 0;

  constructor(options: StorageWatchOptions) {
    this.#options = options;
  }

  /** For `ready`: WebDAV away is degraded, with the reason. */
  async check(): Promise<{ readonly degraded: string } | undefined> {
    const reason = await this.#whyAway();
    return reason === undefined ? undefined : { degraded: reason };
  }

  /** Every now and then; while WebDAV is away it is an outage, after which retention waits. */
  async probe(): Promise<void> {
    const { outages, now } = this.#options;
    this.#failedChecks = (await this.#whyAway()) === undefined ? 0 : this.#failedChecks + 1;
    if (this.#failedChecks >= checksUntilOutage) await outages.record('webdav', now());
  }

  async #whyAway(): Promise<string | undefined> {
    const timeout = AbortSignal.timeout(patienceMs);
    try {
      await this.#options.recordings.check({ signal: timeout });
      return undefined;
    } catch (error) {
      if (timeout.aborted) return `WebDAV does not answer within ${patienceMs} ms`;
      return error instanceof Error ? error.message : 'WebDAV cannot be asked';
    }
  }
}
