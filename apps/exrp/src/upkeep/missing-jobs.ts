import type { Logger } from '@exrec/service-kit';
import type { InjectionQueue, QueuedInjection } from '../injection/injection-queue.js';
import { openStates, type Injection } from '../injection/states/injection.js';
import type { InjectionStore } from '../injection/store/injection-store.js';

/** Younger records have their job, or a caller that is told to ask again. */
const patienceMs = 120_000;
const batchSize = 500;

function isOverdue({ nextTryAtMs, updatedAtMs }: Injection, nowMs: number): boolean {
  return Math.max(nextTryAtMs ?? 0, updatedAtMs) < nowMs - patienceMs;
}

/**
 * Gives every open recording that nothing has happened to for a while its job again: a process may have died between
 * the record and the job. A job that exists stays as it is, so this may be done at any time.
 * @returns how many recordings were looked after
 */
export async function addMissingJobs(
  store: InjectionStore,
  queue: InjectionQueue,
  { logger, nowMs }: { logger: Logger; nowMs: number },
): Promise<number> {
  let looked = 0;
  let batch: QueuedInjection[] = [];
  for await (const injection of store.each(openStates)) {
    if (!isOverdue(injection, nowMs)) continue;
    batch.push(injection);
    looked += 1;
    if (batch.length >= batchSize) {
      await queue.addAll(batch);
      batch = [];
    }
  }
  if (batch.length > 0) await queue.addAll(batch);
  if (looked > 0) logger.info('injections.overdue', { recordings: looked });
  return looked;
}
