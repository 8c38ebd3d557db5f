import type { OutboxEntry } from '@exrec/service-kit';
import type { ReconciliationResult } from './tally.js';

/** What the ledger is told of a reconciliation: all its differences, as far as they are listed. */
export function reconciliationEntry(result: ReconciliationResult): OutboxEntry {
  const differences = result.differences.flatMap(({ kind, items }) =>
    items.map(({ mediaId, recordingId, callUUID, cause, since }) => ({
      kind,
      id: recordingId ?? mediaId ?? callUUID ?? 'unknown',
      ...(mediaId === undefined ? {} : { mediaId }),
      ...(recordingId === undefined ? {} : { recordingId }),
      ...(callUUID === undefined ? {} : { callUUID }),
      ...(cause === undefined ? {} : { cause }),
      ...(since === undefined ? {} : { sinceMs: Date.parse(since) }),
    })),
  );
  return {
    kind: 'reconciliation',
    id: 'latest',
    data: {
      startedAtMs: Date.parse(result.startedAt),
      finishedAtMs: Date.parse(result.finishedAt),
      sentence: result.sentence,
      differences,
    },
  };
}
