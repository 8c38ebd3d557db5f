import { Failure, type Logger } from '@exrec/service-kit';
import {
  claimMs,
  type ConfigurationStore,
  type Settlement,
  type StoredConfiguration,
} from './configuration-store.js';
import { faultOf, readConfiguration, type ConfigurationCalls } from './read-configuration.js';

export type PullOptions = {
  readonly gc: ConfigurationCalls;
  readonly store: ConfigurationStore;
  readonly refreshMs: number;
  readonly logger: Logger;
  /** Epoch ms. */
  readonly now: () => number;
  /** The service ends. */
  readonly signal: AbortSignal;
};

export type PullRequest = {
  readonly emails: readonly string[];
  readonly present: StoredConfiguration | null;
  /** There is something that the present configuration doesn't know. */
  readonly early: boolean;
};

const firstRetryMs = 5_000;
const longestRetryMs = 5 * 60_000;

/**
 * Reads GC's configuration and keeps it in Redis, if it is due and no other instance is at it.
 * One that fails leaves the present one alone, and is tried again with back-off by any instance.
 * @returns whether this call pulled
 * @throws when Redis can't be asked
 */
export async function pullIfDue(options: PullOptions, request: PullRequest): Promise<boolean> {
  const { store, refreshMs, now } = options;
  const atMs = now();
  const failures = await store.claim({ nowMs: atMs, refreshMs, early: request.early });
  if (failures === null) return false;
  // A failed prolongation at worst lets another instance read the same.
  const heartbeat = setInterval(
    () => void store.prolong(now()).catch(() => undefined),
    claimMs / 4,
  );
  let settlement: Settlement;
  try {
    settlement = await attempt(options, request, { atMs, failures });
  } finally {
    clearInterval(heartbeat);
  }
  await store.settle(settlement);
  return true;
}

type Attempt = { readonly atMs: number; readonly failures: number };

async function attempt(
  options: PullOptions,
  { emails, present }: PullRequest,
  { atMs, failures }: Attempt,
): Promise<Settlement> {
  const { gc, logger, refreshMs, now, signal } = options;
  const retryAt = (error?: unknown) => now() + Math.min(retryMs(failures, error), refreshMs);
  try {
    const reading = await readConfiguration(gc, { atMs, emails, present, signal });
    const { missing, snapshot, userIds } = reading;
    const isWhole = missing.length === 0;
    const nextPullAtMs = isWhole ? atMs + refreshMs : retryAt();
    logger.info('sta-configuration.pulled', {
      queues: snapshot.queues.length,
      languages: snapshot.dialects.length,
      languageSource: snapshot.dialectSource,
      durationMs: now() - atMs,
    });
    for (const fault of missing) logger.warn('sta-configuration.part-missing', fault);
    if (snapshot.dialectSource === 'documented-list') {
      logger.warn('sta-configuration.documented-languages');
    }
    return {
      nextPullAtMs,
      failures: isWhole ? 0 : failures + 1,
      report: { atMs, fault: null, missing },
      configuration: { snapshot, userIds },
    };
  } catch (error) {
    // Another instance, or this one after its restart, goes on at once.
    if (signal.aborted) return { nextPullAtMs: 0, failures };
    const fault = faultOf(error);
    const nextPullAtMs = retryAt(error);
    const nextPullAt = new Date(nextPullAtMs).toISOString();
    const unexpected = fault.cause === 'unexpected' ? { error } : {};
    logger.warn('sta-configuration.pull-failed', { ...fault, nextPullAt, ...unexpected });
    return { nextPullAtMs, failures: failures + 1, report: { atMs, fault, missing: [] } };
  }
}

function retryMs(failures: number, error: unknown): number {
  const told = error instanceof Failure ? (error.retryAfterMs ?? 0) : 0;
  return Math.max(told, Math.min(firstRetryMs * 2 ** failures, longestRetryMs));
}
