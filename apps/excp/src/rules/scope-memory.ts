import type { RedisClient } from '@exrec/service-kit';

/** Whether the last rules in force had a sync_scope: known to the whole fleet, and over a restart. */
export class ScopeMemory {
  readonly #redis: RedisClient;
  readonly #key: string;

  /** @param prefix `keyspace()` of the settings */
  constructor(redis: RedisClient, prefix: string) {
    this.#redis = redis;
    this.#key = `${prefix}:sync-scope`;
  }

  /** @throws when Redis cannot be asked */
  async hadScope(): Promise<boolean> {
    return (await this.#redis.exists(this.#key)) === 1;
  }

  /** @throws when Redis cannot confirm it */
  async record(hasScope: boolean): Promise<void> {
    await (hasScope ? this.#redis.set(this.#key, '1') : this.#redis.del(this.#key));
  }
}
