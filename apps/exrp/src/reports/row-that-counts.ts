import type { ReportRow } from './report-row.js';

/** What of a row tells how an upload stands. */
export type RowStanding = Pick<ReportRow, 'status' | 'reason' | 'atMs'>;

/** What a recording's rows are judged by. Times are epoch ms. */
export type UploadSeen = {
  readonly uploadedAtMs: number;
  /** `Failure` rows without a time that the report had when it last made the recording a dead letter. */
  readonly knownFailures: number;
};

/** A row older than the upload by more than this is about an earlier upload of the same recording. */
const clockToleranceMs = 5 * 60_000;
/** By then GC's report tells of an upload, if it ever does. */
const listedWithinMs = 3_600_000;

/** Which of two rows without a time counts: what GC has is certain, what it waits for is not. */
const weight = { Success: 3, Failure: 2, WaitForConversation: 1, Pending: 0 } as const;

/** The rows of one recording as they come: one that was uploaded twice has two. Keeps no more than it needs. */
export class RowsOfUpload {
  readonly #seen: UploadSeen;
  #best: RowStanding | undefined;
  #bestNews: RowStanding | undefined;
  #failuresWithoutTime = 0;
  #successes = 0;

  constructor(seen: UploadSeen) {
    this.#seen = seen;
  }

  get failuresWithoutTime(): number {
    return this.#failuresWithoutTime;
  }

  /** How many uploads of it GC has, whenever they were made. */
  get successes(): number {
    return this.#successes;
  }

  add({ status, reason, atMs }: RowStanding): void {
    if (status === 'Success') this.#successes += 1;
    if (atMs !== undefined && atMs < this.#seen.uploadedAtMs - clockToleranceMs) return;
    const row = {
      status,
      ...(reason === undefined ? {} : { reason }),
      ...(atMs === undefined ? {} : { atMs }),
    };
    this.#best = better(this.#best, row);
    if (status === 'Failure' && atMs === undefined) this.#failuresWithoutTime += 1;
    else this.#bestNews = better(this.#bestNews, row);
  }

  /**
   * The row that tells of the latest upload: the later one, and where the report has no times, the more certain one.
   *
   * Without times nothing in a `Failure` says whether it is about the upload that made the recording a dead letter or
   * about the one after its requeue. So the record remembers how many there were, and no more than those say nothing
   * new. Only where they are still alone an hour after the upload, they are taken for its result: GC may show one row
   * for each file and write over it.
   */
  thatCounts(nowMs: number): RowStanding | undefined {
    const { uploadedAtMs, knownFailures } = this.#seen;
    if (this.#failuresWithoutTime > knownFailures) return this.#best;
    const isOverdue = nowMs - uploadedAtMs > listedWithinMs;
    return this.#bestNews === undefined && isOverdue ? this.#best : this.#bestNews;
  }
}

function better(known: RowStanding | undefined, row: RowStanding): RowStanding {
  return known === undefined || counts(row, known) ? row : known;
}

function counts(row: RowStanding, other: RowStanding): boolean {
  if (row.atMs !== undefined && other.atMs !== undefined && row.atMs !== other.atMs)
    return row.atMs > other.atMs;
  return weight[row.status] > weight[other.status];
}
