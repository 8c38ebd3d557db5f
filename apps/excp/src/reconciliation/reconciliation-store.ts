import {
  outboxArguments,
  ledgerEntryVersion,
  outboxKeys,
  type RedisClient,
} from '@exrec/service-kit';
import { reconciliationEntry } from './reconciliation-entry.js';
import type { ReconciliationResult, ReconciliationSummary } from './tally.js';

/** A run that died is over for the others after this time. */
const lockMs = 60_000;

export type RunClaim = { release(): Promise<void> };

/** The latest result in Redis, and the right to make the next one. Errors of Redis reach the caller as they are. */
export class ReconciliationStore {
  readonly #redis: RedisClient;
  readonly #resultKey: string;
  readonly #lockKey: string;

  readonly #stream: string | undefined;

  /**
   * @param prefix `keyspace()` of the settings
   * @param ledger `on`: it is told of every result
   */
  constructor(redis: RedisClient, prefix: string, ledger: 'on' | 'off' = 'off') {
    this.#redis = redis;
    [this.#stream] = outboxKeys(prefix, ledger);
    this.#resultKey = `${prefix}:reconciliation`;
    this.#lockKey = `${prefix}:reconciliation:running`;
  }

  async latest(): Promise<ReconciliationResult | undefined> {
    const text = await this.#redis.hget(this.#resultKey, 'result');
    return text === null ? undefined : (JSON.parse(text) as ReconciliationResult); // written by `keep`
  }

  /** The latest result without its lists. */
  async summary(): Promise<ReconciliationSummary | undefined> {
    const text = await this.#redis.hget(this.#resultKey, 'summary');
    return text === null ? undefined : (JSON.parse(text) as ReconciliationSummary); // written by `keep`
  }

  async keep(result: ReconciliationResult): Promise<void> {
    const differences = result.differences.map(({ kind, count }) => ({ kind, count }));
    const summary: ReconciliationSummary = { ...result, differences };
    const fields = { result: JSON.stringify(result), summary: JSON.stringify(summary) };
    const writes = this.#redis
      .multi()
      .hset(this.#resultKey, fields)
      .hdel(this.#resultKey, 'wanted');
    if (this.#stream !== undefined) {
      const [k = '', id = '', d = ''] = outboxArguments([reconciliationEntry(result)]);
      writes.xadd(this.#stream, '*', 'v', ledgerEntryVersion, 'k', k, 'id', id, 'd', d);
    }
    await writes.exec();
  }

  /** Asks for a run as soon as one can be made, by whichever instance, since Redis has lost writes by this time (epoch ms). */
  async want(lostAtMs: number): Promise<void> {
    await this.#redis.hset(this.#resultKey, { wanted: '1', lostAtMs });
  }

  /** When writes were lost the last time, epoch ms; 0: never. */
  async lostAtMs(): Promise<number> {
    return Number((await this.#redis.hget(this.#resultKey, 'lostAtMs')) ?? 0);
  }

  async isWanted(): Promise<boolean> {
    return (await this.#redis.hexists(this.#resultKey, 'wanted')) === 1;
  }

  async isRunning(): Promise<boolean> {
    return (await this.#redis.exists(this.#lockKey)) === 1;
  }

  /** The right to run alone in the fleet, until it is given back; undefined while another has it. */
  async claimRun(): Promise<RunClaim | undefined> {
    const claimed = await this.#redis.set(this.#lockKey, '1', 'PX', lockMs, 'NX');
    if (claimed === null) return undefined;
    const renewal = setInterval(() => {
      // Without Redis the run fails by itself; two at once would only do the same work twice.
      this.#redis.pexpire(this.#lockKey, lockMs).catch(() => undefined);
    }, lockMs / 3);
    return {
      release: async () => {
        clearInterval(renewal);
        await this.#redis.del(this.#lockKey).catch(() => undefined);
      },
    };
  }
}
