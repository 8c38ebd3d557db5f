import type { Logger } from '@exrec/service-kit';
import { keepConfirmedMs } from '../injection/store/injection-reader.js';
import type { InjectionStore } from '../injection/store/injection-store.js';
import type { SeenFiles } from '../retention/seen-files.js';

const dayMs = 24 * 3_600_000;
/** Dead letters, and uploads that no report ever told of, are known this long. */
export const keepUnconfirmedMs = 90 * dayMs;

export type DropOptions = {
  readonly store: InjectionStore;
  readonly seenFiles: Pick<SeenFiles, 'isKnown'>;
  readonly retentionMs: number;
  readonly logger: Logger;
  readonly nowMs: number;
};

/**
 * Removes what is over: records after their time, and before that the metadata of recordings whose audio is gone,
 * which are personal data of no use. @returns how many records were removed
 */
export async function dropWhatIsOver(options: DropOptions): Promise<number> {
  let forgotten = await dropOld(options, 'confirmed', keepConfirmedMs);
  for (const state of ['uploaded', 'failed'] as const) {
    forgotten += await dropOld(options, state, keepUnconfirmedMs);
    await dropMetadata(options, state);
  }
  return forgotten;
}

async function dropOld(
  { store, nowMs, logger }: DropOptions,
  state: 'confirmed' | 'uploaded' | 'failed',
  keepMs: number,
): Promise<number> {
  let forgotten = 0;
  for await (const { recordingId, updatedAtMs, acceptedAtMs, cause } of store.each([state])) {
    // In order of acceptance: the first that is young enough ends the search.
    if (acceptedAtMs > nowMs - keepMs) break;
    if (updatedAtMs > nowMs - keepMs || !(await store.drop(recordingId, state))) continue;
    forgotten += 1;
    if (state !== 'confirmed') logger.info('recording.forgotten', { recordingId, state, cause });
  }
  return forgotten;
}

/** By then retention has deleted the audio, or it never was there: a requeue gives it as much time again. */
async function dropMetadata(
  { store, seenFiles, retentionMs, nowMs }: DropOptions,
  state: 'uploaded' | 'failed',
): Promise<void> {
  const untilMs = nowMs - 2 * retentionMs;
  for await (const { recordingId, acceptedAtMs, updatedAtMs, ...rest } of store.each([state])) {
    if (acceptedAtMs > untilMs) break;
    if (rest.metadata === '' || updatedAtMs > untilMs) continue;
    if (!(await seenFiles.isKnown(rest.audioFile))) await store.dropMetadata(recordingId);
  }
}
