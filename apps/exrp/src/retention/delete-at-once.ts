import type { RecordingStore } from '@exrec/recording-store';
import type { Logger } from '@exrec/service-kit';
import type { Injection } from '../injection/states/injection.js';
import { isDeletable } from './file-age.js';
import { reasonToDelete, type RetentionRule } from './reason-to-delete.js';

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
 * (docs/design/CONTRACTS.md#37-confirmation-and-retention). It never fails: what can't be deleted now is left to the next look of retention.
 */
export function deleteAtOnce({
  recordings,
  deleteWhen,
  logger,
}: DeleteAtOnceOptions): DeleteAtOnce {
  return async (state, { recordingId, audioFile: file }) => {
    const reason = reasonToDelete(0, state, { retentionMs: Infinity, deleteWhen });
    if (reason === undefined || !isDeletable(file)) return;
    try {
      await recordings.remove(file);
      logger.info('retention.deleted', { file, recordingId, reason, state });
    } catch (error) {
      logger.warn('retention.not-deleted', { file, recordingId, state, error });
    }
  };
}
