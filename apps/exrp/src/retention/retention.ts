import type { RecordingStore } from '@exrec/recording-store';
import { recordingIdOf } from '@exrec/gc-metadata';
import type { Logger } from '@exrec/service-kit';
import { openStates, type InjectionState } from '../injection/states/injection.js';
import type { InjectionStore } from '../injection/store/injection-store.js';

export type RetentionRule = {
  readonly retentionMs: number;
  readonly deleteWhen: 'retention' | 'uploaded' | 'confirmed';
};

/**
 * Whether an audio file may go (CONTRACTS 3.7): at its age, or before that as soon as the recording is
 * uploaded or confirmed where the setting says so. One whose recording still waits stays for twice the age.
 */
export function mayDelete(
  ageMs: number,
  state: InjectionState | undefined,
  rule: RetentionRule,
): boolean {
  const { retentionMs, deleteWhen } = rule;
  const isDone = state === 'confirmed' || (state === 'uploaded' && deleteWhen === 'uploaded');
  if (deleteWhen !== 'retention' && isDone) return true;
  const isOpen = state !== undefined && openStates.includes(state);
  return ageMs > (isOpen ? 2 * retentionMs : retentionMs);
}

export type RetentionOptions = RetentionRule & {
  readonly recordings: RecordingStore;
  readonly store: Pick<InjectionStore, 'standingOf'>;
  readonly logger: Logger;
  readonly now?: () => number;
};

/**
 * Deletes the audio files whose time has come; reads the listing as it comes, so that the number of files does not matter.
 * @returns how many were deleted and how many are left
 * @throws Failure `storage-unavailable`
 */
export async function applyRetention(
  options: RetentionOptions,
): Promise<{ deleted: number; kept: number }> {
  const { recordings, store, logger, now = Date.now } = options;
  let deleted = 0;
  let kept = 0;
  for await (const file of recordings.list()) {
    const { state } = await store.standingOf(recordingIdOf(file.name));
    if (mayDelete(now() - file.modifiedAtMs, state, options)) {
      await recordings.remove(file.name);
      deleted += 1;
    } else {
      kept += 1;
    }
  }
  logger.info('retention.applied', { deleted, kept });
  return { deleted, kept };
}
