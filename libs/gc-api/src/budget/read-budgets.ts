import type { RedisClient } from '@exrec/service-kit';
import { bucketSize } from './budget-rules.js';
import { budgetKey } from './redis-budget-store.js';

/** How much of a client's budget is left now. */
export type BudgetStanding = {
  readonly requestsPerMinute: number;
  /** Requests that may follow each other without a wait. */
  readonly burst: number;
  /** Of the burst. */
  readonly left: number;
  /** Genesys Cloud has asked us to wait for so long; 0: it has not. */
  readonly pausedForMs: number;
};

export type ReadBudgetsOptions = {
  readonly redis: RedisClient;
  /** Service-kit's `keyspace(settings)` */
  readonly keyspace: string;
  readonly requestsPerMinute: number;
  /** Redis' clock, epoch ms. */
  readonly nowMs: number;
};

/** The budgets of the fleet's clients, by key; looking at one takes nothing from it. */
export async function readBudgets(
  clientKeys: readonly string[],
  { redis, keyspace, requestsPerMinute, nowMs }: ReadBudgetsOptions,
): Promise<BudgetStanding[]> {
  const { capacity, perMs } = bucketSize(requestsPerMinute);
  return Promise.all(
    clientKeys.map(async (clientKey) => {
      const bucket = await redis.hgetall(budgetKey(keyspace, clientKey));
      const pausedForMs = Math.max(0, Number(bucket.paused ?? 0) - nowMs);
      const grownMs = Math.max(0, nowMs - Number(bucket.at ?? nowMs));
      const tokens = Number(bucket.tokens ?? capacity) + (pausedForMs > 0 ? 0 : grownMs * perMs);
      const left = Math.floor(Math.min(capacity, tokens));
      return { requestsPerMinute, burst: Math.floor(capacity), left, pausedForMs };
    }),
  );
}
