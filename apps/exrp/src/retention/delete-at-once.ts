import type { RecordingStore } from '@exrec/recording-store';
import type { Logger } from '@exrec/service-kit';
import type { Injection } from '../injection/states/injection.js';
import { mayDelete, type RetentionRule } from './retention.js';

export type DeleteAtOnceOptions = {
  readonly recordings: Pick<RecordingStore, 'remove'>;
  readonly deleteWhen: RetentionRule['deleteWhen'];
  readonly logger: Logger;
};

export type DeleteAtOnce = (
  state: 'uploaded' | 'confirmed',
  injection: Pick<Injection, 'recordingId' | 'audioFile'>,
) => Promise<void>;

/**
 * For `EXRP_DELETE_WHEN=uploaded|confirmed`: takes an audio file away as soon as its recording has got there
 * (CONTRACTS 3.7). It never fails: what can't be deleted now is left to the next look of `applyRetention`.
 */
export function deleteAtOnce({
  recordings,
  deleteWhen,
  logger,
}: DeleteAtOnceOptions): DeleteAtOnce {
  return async (state, { recordingId, audioFile }) => {
    if (!mayDelete(0, state, { retentionMs: Infinity, deleteWhen })) return;
    try {
      await recordings.remove(audioFile);
      logger.debug('audio.deleted', { recordingId, state });
    } catch (error) {
      logger.warn('audio.not-deleted', { recordingId, state, error });
    }
  };
}
