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
  readonly recordings: Pick<RecordingStore, 'list' | 'remove'>;
  readonly store: Pick<InjectionStore, 'standingOf'>;
  readonly logger: Logger;
  readonly now?: () => number;
};

/** So long a pass may wait for refusals: a storage that is silent at every DELETE would keep all other upkeep waiting. */
const maxRefusalMs = 120_000;

/**
 * Deletes the audio files whose time has come; reads the listing as it comes, so that the number of files does not matter.
 * One that can't be deleted stays, and does not keep the others, unless the storage takes minutes to refuse.
 * @returns how many were deleted and how many of those that were looked at are left
 * @throws Failure `storage-unavailable` of the listing
 */
export async function applyRetention(
  options: RetentionOptions,
): Promise<{ deleted: number; kept: number }> {
  const { recordings, store, logger, now = Date.now } = options;
  let deleted = 0;
  let kept = 0;
  let refused = 0;
  let refusal: unknown;
  let refusalMs = 0;
  for await (const file of recordings.list()) {
    const { state } = await store.standingOf(recordingIdOf(file.name));
    if (!mayDelete(now() - file.modifiedAtMs, state, options)) {
      kept += 1;
      continue;
    }
    const askedAtMs = now();
    try {
      await recordings.remove(file.name);
      deleted += 1;
    } catch (error) {
      kept += 1;
      refused += 1;
      refusal ??= error;
      refusalMs += now() - askedAtMs;
      if (refusalMs >= maxRefusalMs) break;
    }
  }
  if (refused > 0) logger.warn('retention.not-deleted', { files: refused, error: refusal });
  logger.info('retention.applied', { deleted, kept });
  return { deleted, kept };
}
