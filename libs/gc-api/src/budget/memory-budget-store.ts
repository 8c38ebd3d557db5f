import { bucketSize, kindRules, longestPauseMs, waiterLifeMs } from './budget-rules.js';
import type { BudgetStore, TakeAnswer, TakeRequest } from './budget-store.js';

type Bucket = { tokens: number; atMs: number; pausedUntilMs: number };
type Waiter = { readonly dueMs: number; readonly seenMs: number };

export type MemoryBudgetOptions = {
  readonly requestsPerMinute: number;
  /** Epoch ms. */
  readonly now?: () => number;
};

/** The budget of a single process (command line, tests). Same promises as the one in Redis. */
export function memoryBudgetStore({
  requestsPerMinute,
  now = Date.now,
}: MemoryBudgetOptions): BudgetStore {
  const { capacity, perMs } = bucketSize(requestsPerMinute);
  const buckets = new Map<string, Bucket>();
  const waiters = new Map<string, Waiter>();

  const refilled = (clientKey: string): Bucket => {
    const nowMs = now();
    const bucket = buckets.get(clientKey) ?? { tokens: capacity, atMs: nowMs, pausedUntilMs: 0 };
    if (bucket.pausedUntilMs - nowMs > longestPauseMs) bucket.pausedUntilMs = 0;
    if (bucket.pausedUntilMs <= nowMs) {
      const grown = Math.max(0, nowMs - bucket.atMs) * perMs;
      bucket.tokens = Math.min(capacity, bucket.tokens + grown);
      bucket.atMs = nowMs;
    }
    buckets.set(clientKey, bucket);
    return bucket;
  };

  const tryTake = (request: TakeRequest): TakeAnswer => {
    const nowMs = now();
    for (const [id, { seenMs }] of waiters) if (seenMs < nowMs - waiterLifeMs) waiters.delete(id);
    waiters.delete(request.waiterId);
    const all = request.clientKeys.map((clientKey) => ({ clientKey, bucket: refilled(clientKey) }));
    const open = all.filter(({ bucket }) => bucket.pausedUntilMs <= nowMs);
    const [best] = open.toSorted((a, b) => b.bucket.tokens - a.bucket.tokens);
    if (best === undefined) {
      const untilMs = Math.min(...all.map(({ bucket }) => bucket.pausedUntilMs));
      return { state: 'paused', waitMs: untilMs - nowMs };
    }
    const rule = kindRules[request.kind];
    const dueMs = nowMs - request.waitedMs + rule.delayMs;
    const ahead = [...waiters.values()].filter((waiter) => waiter.dueMs <= dueMs).length;
    const reserve =
      request.waitedMs < rule.delayMs ? rule.reserve * (capacity * open.length - 1) : 0;
    const total = open.reduce((sum, { bucket }) => sum + bucket.tokens, 0);
    const lacking = Math.max(ahead + 1 + reserve - total, 1 - best.bucket.tokens);
    if (lacking <= 1e-6) {
      best.bucket.tokens -= 1;
      return { state: 'granted', clientKey: best.clientKey };
    }
    waiters.set(request.waiterId, { dueMs, seenMs: nowMs });
    return { state: 'wait', waitMs: Math.ceil(lacking / (perMs * open.length)) };
  };

  return {
    tryTake: (request) => Promise.resolve(tryTake(request)),
    leave: (waiterId) => {
      waiters.delete(waiterId);
      return Promise.resolve();
    },
    restrict: (clientKey, { remaining, pauseMs }) => {
      const bucket = refilled(clientKey);
      const untilMs = now() + Math.min(pauseMs, longestPauseMs);
      bucket.tokens = Math.max(0, Math.min(bucket.tokens, remaining));
      if (pauseMs > 0 && untilMs > bucket.pausedUntilMs) {
        Object.assign(bucket, { tokens: 0, atMs: untilMs, pausedUntilMs: untilMs });
      }
      return Promise.resolve();
    },
  };
}
