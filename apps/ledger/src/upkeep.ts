import { setTimeout as sleep } from 'node:timers/promises';
import {
  outboxBacklog,
  outboxGauges,
  type Logger,
  type Metrics,
  type RedisClient,
} from '@exrec/service-kit';
import type { LedgerStream } from './consume/ledger-stream.js';
import type { Db } from './database/connect.js';
import { dropOldMonths } from './database/partitions.js';
import { sealDays } from './proof/seal-days.js';

export type UpkeepOptions = {
  readonly db: Db;
  readonly redis: RedisClient;
  readonly prefix: string;
  readonly stream: LedgerStream;
  readonly keepMs: number;
  readonly isReady: () => boolean;
  /** Redis' time, epoch ms, and whether deletions may go by it. */
  readonly clock: { readonly now: () => number; readonly isTrusted: () => boolean };
  readonly logger: Logger;
  readonly metrics: Metrics;
};

const everyMs = 60_000;
const retentionEveryMs = 6 * 3_600_000;
const gaugesEveryMs = 15_000;

/**
 * What the ledger does every now and then: days are sealed, old months go. Every ledger tries; sealing and dropping
 * twice comes to the same.
 */
export class Upkeep {
  readonly #options: UpkeepOptions;
  readonly #stopping = new AbortController();
  #running: Promise<unknown> | undefined;

  constructor(options: UpkeepOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running ??= Promise.all([this.#keepUp(), this.#watch()]);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #keepUp(): Promise<void> {
    const { db, redis, prefix, keepMs, isReady, clock, logger } = this.#options;
    const { now } = clock;
    let droppedAtMs = 0;
    await this.#every(everyMs, async () => {
      if (!isReady()) return;
      const { entries, ageMs } = await outboxBacklog(redis, prefix, now);
      const oldestWaitingMs = entries === 0 ? undefined : now() - ageMs;
      await sealDays({ db, nowMs: now(), oldestWaitingMs, logger });
      if (!clock.isTrusted() || now() - droppedAtMs < retentionEveryMs) return;
      const months = await dropOldMonths(db, now() - keepMs);
      droppedAtMs = now();
      if (months.length > 0) logger.info('ledger.months-dropped', { months: months.join(', ') });
    });
  }

  async #watch(): Promise<void> {
    const { metrics, redis, prefix, stream, clock } = this.#options;
    outboxGauges(metrics, redis, prefix, clock.now);
    const aside = metrics.gauge(
      'exrec_ledger_aside_entries',
      'changes that are set aside: of a later version, or refused by the database',
    );
    await this.#every(gaugesEveryMs, async () => {
      aside.set(await stream.countAside());
    });
  }

  async #every(ms: number, turn: () => Promise<void>): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await turn().catch((error: unknown) => {
        this.#options.logger.debug('upkeep.failed', { error });
      });
      await sleep(ms, undefined, { signal }).catch(() => undefined);
    }
  }
}
