import type { ReportRow } from './read-report.js';

/** What a recording's row is judged by. Times are epoch ms. */
export type UploadSeen = {
  readonly uploadedAtMs: number;
  /** `Failure` rows without a time that the report had when it last made the recording a dead letter. */
  readonly knownFailures: number;
  readonly nowMs: number;
};

/** A row older than the upload by more than this is about an earlier upload of the same recording. */
const clockToleranceMs = 5 * 60_000;
/** By then GC's report tells of an upload, if it ever does (our choice). */
const listedWithinMs = 3_600_000;

/** Which of two rows without a time counts: what GC has is certain, what it waits for is not. */
const weight = { Success: 3, Failure: 2, WaitForConversation: 1, Pending: 0 } as const;

/** All rows of each recording: one that was uploaded twice has two. */
export function rowsByRecording(
  rows: readonly ReportRow[],
): ReadonlyMap<string, readonly ReportRow[]> {
  const found = new Map<string, ReportRow[]>();
  for (const row of rows) {
    const known = found.get(row.recordingId);
    if (known === undefined) found.set(row.recordingId, [row]);
    else known.push(row);
  }
  return found;
}

/**
 * The row that tells of the latest upload: the later one, and where the report has no times, the more certain one.
 *
 * Without times nothing in a `Failure` says whether it is about the upload that made the recording a dead letter or
 * about the one after its requeue. So the record remembers how many there were, and no more than those say nothing
 * new. Only where they are still alone an hour after the upload, they are taken for its result: GC may show one row
 * for each file and write over it.
 */
export function rowThatCounts(
  rows: readonly ReportRow[],
  { uploadedAtMs, knownFailures, nowMs }: UploadSeen,
): ReportRow | undefined {
  const current = rows.filter(
    ({ atMs }) => atMs === undefined || atMs >= uploadedAtMs - clockToleranceMs,
  );
  if (failuresWithoutTime(current) > knownFailures) return best(current);
  const news = current.filter((row) => !isFailureWithoutTime(row));
  return news.length === 0 && nowMs - uploadedAtMs > listedWithinMs ? best(current) : best(news);
}

export function failuresWithoutTime(rows: readonly ReportRow[]): number {
  return rows.filter(isFailureWithoutTime).length;
}

function isFailureWithoutTime({ status, atMs }: ReportRow): boolean {
  return status === 'Failure' && atMs === undefined;
}

function best(rows: readonly ReportRow[]): ReportRow | undefined {
  const [first, ...others] = rows;
  return others.reduce<ReportRow | undefined>(
    (chosen, row) => (chosen === undefined || counts(row, chosen) ? row : chosen),
    first,
  );
}

function counts(row: ReportRow, other: ReportRow): boolean {
  if (row.atMs !== undefined && other.atMs !== undefined && row.atMs !== other.atMs)
    return row.atMs > other.atMs;
  return weight[row.status] > weight[other.status];
}
