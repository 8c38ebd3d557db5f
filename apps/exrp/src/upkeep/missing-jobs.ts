import type { Logger } from '@exrec/service-kit';
import type { InjectionQueue, QueuedInjection } from '../injection/injection-queue.js';
import { openStates } from '../injection/states/injection.js';
import type { InjectionStore } from '../injection/store/injection-store.js';

/** Younger records have their job, or a caller that is told to ask again. */
const usualPatienceMs = 120_000;
const batchSize = 500;

export type MissingJobsOptions = {
  readonly logger: Logger;
  readonly nowMs: number;
  /** How long nothing has to have happened to a recording. Default two minutes. */
  readonly patienceMs?: number;
};

/**
 * Gives every open recording that nothing has happened to for a while its job again: a process may have died between
 * the record and the job, or a Redis have come back without the job. A job that exists stays as it is, so this may be
 * done at any time.
 * @returns how many recordings were looked after
 */
export async function addMissingJobs(
  store: InjectionStore,
  queue: InjectionQueue,
  { logger, nowMs, patienceMs = usualPatienceMs }: MissingJobsOptions,
): Promise<number> {
  let checked = 0;
  let batch: QueuedInjection[] = [];
  for await (const injection of store.each(openStates)) {
    if (Math.max(injection.nextTryAtMs ?? 0, injection.updatedAtMs) >= nowMs - patienceMs) continue;
    batch.push(injection);
    checked += 1;
    if (batch.length >= batchSize) {
      await queue.addAll(batch);
      batch = [];
    }
  }
  if (batch.length > 0) await queue.addAll(batch);
  if (checked > 0) logger.info('injections.overdue', { recordings: checked });
  return checked;
}
