import { Failure, type RedisClient } from '@exrec/service-kit';
import * as z from 'zod';
import { bucketSize, kindRules, longestPauseMs, waiterLifeMs } from './budget-rules.js';
import { restrictScript, takeScript } from './budget-scripts.js';
import type { BudgetStore } from './budget-store.js';

export type RedisBudgetOptions = {
  /** A `command` connection. */
  readonly redis: RedisClient;
  /** Service-kit's `keyspace(settings)`: a hash tag, so all keys share a slot in Redis Cluster. */
  readonly keyspace: string;
  /** Of each client (`GC_REQUESTS_PER_MINUTE`). */
  readonly requestsPerMinute: number;
  /** How long Redis may take to answer. Default 2 s. */
  readonly answerWithinMs?: number | undefined;
};

const takeReply = z.tuple([z.enum(['granted', 'wait', 'paused']), z.number()]);

/** Where one client's bucket is. */
export function budgetKey(keyspace: string, clientKey: string): string {
  return `${keyspace}:gc-budget:client:${clientKey}`;
}

/**
 * The fleet's budget in Redis, by Redis' clock.
 * When Redis does not answer every call fails with `gc-unavailable` (later): no budget, no request.
 */
export function redisBudgetStore(options: RedisBudgetOptions): BudgetStore {
  const { redis, keyspace, requestsPerMinute, answerWithinMs = 2000 } = options;
  const { capacity, perMs } = bucketSize(requestsPerMinute);
  // Long enough for an empty bucket to fill and for any pause to end.
  const bucketLifeMs = Math.ceil(capacity / perMs) + longestPauseMs + 60_000;
  const waitingKey = `${keyspace}:gc-budget:waiting`;
  const seenKey = `${keyspace}:gc-budget:seen`;
  const bucketKey = (clientKey: string) => budgetKey(keyspace, clientKey);

  return {
    async tryTake({ waiterId, kind, clientKeys, waitedMs }) {
      const { delayMs, reserve } = kindRules[kind];
      const keys = [waitingKey, seenKey, ...clientKeys.map(bucketKey)];
      const rule = [delayMs, reserve, capacity, perMs, waiterLifeMs, longestPauseMs, bucketLifeMs];
      const args = [waiterId, Math.round(waitedMs), ...rule];
      const reply = await inTime(takeScript(redis, keys, args), answerWithinMs);
      const [state, value] = takeReply.parse(reply);
      if (state !== 'granted') return { state, waitMs: value };
      const clientKey = clientKeys[value];
      if (clientKey === undefined) throw unreachable('an unknown client');
      return { state, clientKey };
    },
    async leave(waiterId) {
      await inTime(redis.zrem(waitingKey, waiterId), answerWithinMs);
    },
    async restrict(clientKey, { remaining, pauseMs }) {
      const args = [remaining, Math.round(pauseMs), capacity, perMs, longestPauseMs, bucketLifeMs];
      await inTime(restrictScript(redis, [bucketKey(clientKey)], args), answerWithinMs);
    },
  };
}

/** Redis may be reachable and still silent (stopped, swapping): we wait no longer than this. */
async function inTime<T>(reply: Promise<T>, withinMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(unreachable('no answer in time'));
    }, withinMs);
  });
  try {
    return await Promise.race([reply, late]);
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw unreachable('Redis is not available', error);
  } finally {
    clearTimeout(timer);
  }
}

function unreachable(why: string, error?: unknown): Failure {
  return Failure.later('gc-unavailable', { detail: `rate budget: ${why}`, error });
}
