import { memoryBudgetStore, type MemoryBudgetOptions } from './memory-budget-store.js';
import type { RateBudget } from './rate-budget.js';
import { redisBudgetStore, type RedisBudgetOptions } from './redis-budget-store.js';
import { waitingBudget } from './waiting-budget.js';

/** The budget of the whole fleet: every process with the same Redis and keyspace shares it. */
export function redisRateBudget(options: RedisBudgetOptions): RateBudget {
  return waitingBudget(redisBudgetStore(options));
}

/** The budget of this process alone. */
export function memoryRateBudget(options: MemoryBudgetOptions): RateBudget {
  return waitingBudget(memoryBudgetStore(options));
}
