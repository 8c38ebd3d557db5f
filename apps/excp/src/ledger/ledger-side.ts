import {
  outboxCheck,
  outboxGauges,
  type Health,
  type Logger,
  type Metrics,
  type PeriodicJob,
  type RedisClient,
} from '@exrec/service-kit';
import type { CallLog } from '../call-log/call-log.js';
import type { InteractionList } from '../call-log/interaction-list.js';

export type LedgerSideOptions = {
  readonly redis: RedisClient;
  /** `keyspace()` of the settings */
  readonly prefix: string;
  readonly callLog: CallLog;
  readonly list: InteractionList;
  readonly ledger: 'on' | 'off';
  readonly now: () => number;
  readonly logger: Logger;
};

const everyMs = 60_000;
/** An interaction may change between reading and telling, but not every time. */
const attempts = 5;

/** What EXCP does for the ledger besides telling it of changes. */
export class LedgerSide {
  readonly #options: LedgerSideOptions;

  constructor(options: LedgerSideOptions) {
    this.#options = options;
  }

  /** Says how far the ledger is behind; nothing without one. */
  watch(metrics: Metrics, health: Health): void {
    const { redis, prefix, ledger, now } = this.#options;
    if (ledger === 'off') return;
    outboxGauges(metrics, redis, prefix, now);
    health.addCheck('ledger', outboxCheck(redis, prefix, now));
  }

  /** One instance of the fleet each time. */
  get jobs(): readonly PeriodicJob[] {
    return [{ name: 'tell-ledger', everyMs, run: () => this.#tellOnce() }];
  }

  async #tellOnce(): Promise<void> {
    const { redis, prefix, callLog, list, ledger, logger } = this.#options;
    const told = `${prefix}:ledger-told:excp`;
    if (ledger === 'off') await redis.del(told);
    else if ((await redis.exists(told)) === 0) {
      const interactions = await tellOfAll(callLog, list);
      await redis.set(told, '1');
      logger.info('ledger.told-of-all', { interactions });
    }
  }
}

/**
 * Tells the ledger of every interaction that is known: once, when it is switched on. An instance that dies within it
 * has it done again; what comes twice changes nothing.
 */
export async function tellOfAll(callLog: CallLog, list: InteractionList): Promise<number> {
  let count = 0;
  for await (const { callUUIDs } of list.all()) {
    for (const callUUID of callUUIDs) if (await tellOf(callLog, callUUID)) count += 1;
  }
  return count;
}

async function tellOf(callLog: CallLog, callUUID: string): Promise<boolean> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const kept = await callLog.load(callUUID);
    // Another call of it is its root, or something of it cannot be read: then it is `held`, and says so itself.
    if (kept?.stored.rootCallUUID !== callUUID || kept.held !== undefined) return false;
    if (await callLog.tell(kept)) return true;
  }
  return false;
}
