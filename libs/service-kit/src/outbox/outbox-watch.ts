import type { Check } from '../health/health.js';
import type { Metrics } from '../metrics/metrics.js';
import type { RedisClient } from '../redis/connect-redis.js';
import { ledgerStreamKey } from './outbox.js';

/** What waits for the ledger: changes that are not in its database yet. */
export type OutboxBacklog = { readonly entries: number; readonly ageMs: number };

/** @param prefix `keyspace()` of the settings */
export async function outboxBacklog(
  redis: RedisClient,
  prefix: string,
  now: () => number,
): Promise<OutboxBacklog> {
  const key = ledgerStreamKey(prefix);
  const [entries, oldest] = await Promise.all([
    redis.xlen(key),
    redis.xrange(key, '-', '+', 'COUNT', 1),
  ]);
  const [ms] = oldest[0]?.[0].split('-') ?? [];
  return { entries, ageMs: ms === undefined ? 0 : Math.max(0, now() - Number(ms)) };
}

/** Older than this and the ledger, or its PostgreSQL, is away or too slow. */
const lateMs = 60_000;

/** Degraded while changes wait for the ledger; never more than that: nothing else depends on it (docs/design/CONTRACTS.md#17-clarifications-to-10-to-15 (3)). */
export function outboxCheck(redis: RedisClient, prefix: string, now = Date.now): Check {
  return async () => {
    const backlog = await outboxBacklog(redis, prefix, now).catch(() => undefined);
    if (backlog === undefined || backlog.ageMs < lateMs) return undefined;
    const { entries, ageMs } = backlog;
    return {
      degraded: `the ledger is ${Math.round(ageMs / 1000)} s behind: ${entries} changes wait for it in Redis`,
    };
  };
}

const gaugesEveryMs = 15_000;

/** Length and age of what waits for the ledger, read from Redis every now and then. */
export function outboxGauges(
  metrics: Metrics,
  redis: RedisClient,
  prefix: string,
  now: () => number = Date.now,
): void {
  const entries = metrics.gauge('exrec_ledger_stream_entries', 'changes that wait for the ledger');
  const age = metrics.gauge(
    'exrec_ledger_stream_age_seconds',
    'age of the oldest change that waits for the ledger',
  );
  const refresh = async () => {
    const backlog = await outboxBacklog(redis, prefix, now);
    entries.set(backlog.entries);
    age.set(backlog.ageMs / 1000);
  };
  // While Redis is away the last values stay.
  setInterval(() => void refresh().catch(() => undefined), gaugesEveryMs).unref();
}
