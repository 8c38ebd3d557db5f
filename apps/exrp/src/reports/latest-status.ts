import type { ReportRow } from './read-report.js';

/** Which of two rows without a time counts: what GC has is certain, what it waits for is not. */
const weight = { Success: 3, Failure: 2, WaitForConversation: 1, Pending: 0 } as const;

/**
 * One row per recording: a recording that was uploaded twice has two. The later one counts,
 * and where the report has no times, the more certain one.
 */
export function latestByRecording(rows: readonly ReportRow[]): ReadonlyMap<string, ReportRow> {
  const latest = new Map<string, ReportRow>();
  for (const row of rows) {
    const other = latest.get(row.recordingId);
    if (other === undefined || counts(row, other)) latest.set(row.recordingId, row);
  }
  return latest;
}

function counts(row: ReportRow, other: ReportRow): boolean {
  if (row.atMs !== undefined && other.atMs !== undefined && row.atMs !== other.atMs)
    return row.atMs > other.atMs;
  return weight[row.status] > weight[other.status];
}
