import {
  outboxCheck,
  outboxGauges,
  type Health,
  type Logger,
  type Metrics,
  type PeriodicJob,
  type RedisClient,
  type RedisClock,
} from '@exrec/service-kit';
import { injectionStates } from '../injection/states/injection.js';
import type { InjectionStore } from '../injection/store/injection-store.js';

export type LedgerSideOptions = {
  readonly redis: RedisClient;
  /** `keyspace()` of the settings */
  readonly prefix: string;
  readonly store: InjectionStore;
  readonly ledger: 'on' | 'off';
  readonly clock: Pick<RedisClock, 'now'>;
  readonly logger: Logger;
};

const everyMs = 60_000;
/** Bounds one turn; what is left is for the next. */
const mostChecked = 20_000;

/** What EXRP does for the ledger besides telling it of changes. */
export class LedgerSide {
  readonly #options: LedgerSideOptions;

  constructor(options: LedgerSideOptions) {
    this.#options = options;
  }

  /** Says how far the ledger is behind; nothing without one. */
  watch(metrics: Metrics, health: Health): void {
    const { redis, prefix, ledger, clock } = this.#options;
    if (ledger === 'off') return;
    outboxGauges(metrics, redis, prefix, clock.now);
    health.addCheck('ledger', outboxCheck(redis, prefix, clock.now));
  }

  /** One instance of the fleet each time. */
  get jobs(): readonly PeriodicJob[] {
    return [
      { name: 'tell-ledger', everyMs, run: () => this.#tellOnce() },
      { name: 'small-records', everyMs, run: () => this.#makeSmall() },
    ];
  }

  async #tellOnce(): Promise<void> {
    const { redis, prefix, store, ledger, logger } = this.#options;
    const told = `${prefix}:ledger-told:exrp`;
    if (ledger === 'off') await redis.del(told);
    else if ((await redis.exists(told)) === 0) {
      const recordings = await tellOfAll(store);
      await redis.set(told, '1');
      logger.info('ledger.told-of-all', { recordings });
    }
  }

  async #makeSmall(): Promise<void> {
    const { store, ledger } = this.#options;
    if (ledger === 'on') await makeSmall(store);
  }
}

/**
 * Tells the ledger of everything there is: once, when it is switched on. An instance that dies within it has it done
 * again; what comes twice changes nothing.
 */
export async function tellOfAll(store: InjectionStore): Promise<number> {
  let count = 0;
  for (const state of injectionStates) {
    for await (const recordingId of store.ids(state)) {
      if (await store.tellAgain(recordingId)) count += 1;
    }
  }
  return count;
}

/** Makes the records small that the ledger has. Returns how many. */
export async function makeSmall(store: InjectionStore): Promise<number> {
  let [small, checked] = [0, 0];
  for await (const recordingId of store.ids('confirmed')) {
    if (await store.makeSmall(recordingId)) small += 1;
    checked += 1;
    if (checked >= mostChecked) break;
  }
  return small;
}
