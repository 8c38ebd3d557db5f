import { setTimeout as sleep } from 'node:timers/promises';
import type { GcApi, UploadReport } from '@exrec/gc-api';
import { Failure, redactText, type Logger } from '@exrec/service-kit';
import type { Injection } from '../injection/states/injection.js';
import type { InjectionStore } from '../injection/store/injection-store.js';
import type { DeleteAtOnce } from '../retention/delete-at-once.js';
import { OpenUploads } from './open-uploads.js';
import { readReport, type ReportReading } from './read-report.js';
import { tellableColumns } from './report-row.js';
import type { RowsOfUpload, RowStanding } from './row-that-counts.js';

export type ConfirmationOptions = {
  readonly gc: Pick<GcApi, 'createUploadReport' | 'uploadReport'>;
  readonly store: InjectionStore;
  readonly download: (signedUrl: string) => AsyncIterable<Uint8Array>;
  readonly logger: Logger;
  readonly now?: () => number;
  /** A report says that GC could not use what we uploaded: the key may be the reason (docs/design/CONTRACTS.md#34-gc-key). */
  readonly onRejected?: () => void;
  /** A report tells of more uploads of a recording than were noted. */
  readonly onCopies?: (copies: number) => void;
  /** Takes the audio file of a confirmed recording away where nobody needs it any more. */
  readonly deleteAtOnce: DeleteAtOnce;
  /** Time between two looks at a report in progress, milliseconds; at most 5 s. */
  readonly pollMs: number;
};

/** Reports begin this long before the oldest upload they are about: clocks differ. */
const marginMs = 10 * 60_000;
/**
 * Reports reach back this far at most: one upload that GC never tells of must not make every later
 * report longer, until none can be downloaded.
 */
const longestReportMs = 7 * 24 * 3_600_000;
const longestPollMs = 5_000;
const maxPolls = 120;
/**
 * Recordings that a report is applied to at the same time. Each waits for Redis twice, and for WebDAV where its file is
 * deleted: one after the other, those of a busy hour take longer than the time between two reports.
 */
const atOnce = 16;

/** What one report changed, and what it showed. */
export type ConfirmationResult = {
  confirmed: number;
  rejected: number;
  /** Recordings that GC has held for more than an hour because it lacks their conversation; `beyondReports` are among them. */
  heldOverAnHour: number;
  /** Recordings that no report tells of any more, and that are still not confirmed. */
  beyondReports: number;
};

const hourMs = 3_600_000;

function noResult(): ConfirmationResult {
  return { confirmed: 0, rejected: 0, heldOverAnHour: 0, beyondReports: 0 };
}

/** Closes the loop: asks GC what became of every uploaded recording (docs/design/CONTRACTS.md#37-confirmation-and-retention). */
export class Confirmation {
  readonly #options: ConfirmationOptions;
  readonly #now: () => number;

  constructor(options: ConfirmationOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /**
   * One report: requested, waited for, read, and applied to the recordings that are uploaded.
   * Does nothing when none is.
   * @throws Failure of GC or of the download
   */
  async run(): Promise<ConfirmationResult> {
    const { gc, store, download, logger } = this.#options;
    const oldest = await firstOf(store.each(['uploaded']));
    if (oldest === undefined) return noResult();
    // Not its upload: another one that was accepted later may have been uploaded before it.
    const sinceMs = Math.max(oldest.acceptedAtMs, this.#now() - longestReportMs);
    const dateSince = new Date(sinceMs - marginMs).toISOString();
    const report = await this.#finished(await gc.createUploadReport({ dateSince }));
    if (report.signedUrl === null)
      throw Failure.later('report-unavailable', { detail: 'the report has no URL' });
    // Those that are uploaded while it is read are for the next one.
    const open = new OpenUploads();
    for await (const injection of store.each(['uploaded'])) open.add(injection);
    const reading = await readReport(download(report.signedUrl), (row) => open.take(row));
    const result = await this.#apply(open);
    await this.#warn(reading, open, result);
    if (result.rejected > 0) this.#options.onRejected?.();
    const { rows, unreadRows } = reading;
    logger.info('report.read', { rows, unreadRows, matched: open.matched, ...result });
    return result;
  }

  /** What a person has to look at: a report that was not understood confirms nothing. */
  async #warn(
    { rows, unreadRows, columns }: ReportReading,
    open: OpenUploads,
    { beyondReports }: ConfirmationResult,
  ): Promise<void> {
    const { logger } = this.#options;
    const fields = tellableColumns(columns);
    if (unreadRows > 0) logger.warn('report.rows-unread', { unreadRows, columns: fields });
    if (open.matched > 0 || open.size <= beyondReports) return;
    if (rows + unreadRows === 0) {
      // Asked about uploads, a report that tells of none was not understood.
      if (columns.length > 0) logger.warn('report.without-rows', { fields });
    } else if (!(await this.#knowsAny(open.strangers)))
      logger.warn('report.matches-nothing', { rows, unreadRows, open: open.size, columns: fields });
  }

  /** Rows about recordings that are confirmed already are rows that were understood. */
  async #knowsAny(recordingIds: readonly string[]): Promise<boolean> {
    for (const recordingId of recordingIds)
      if ((await this.#options.store.standingOf(recordingId)).state !== undefined) return true;
    return false;
  }

  async #finished(report: UploadReport): Promise<UploadReport> {
    const { gc, pollMs } = this.#options;
    let seen = report;
    for (let poll = 0; seen.state === 'InProgress' && poll < maxPolls; poll += 1) {
      await sleep(Math.min(pollMs, longestPollMs));
      seen = await gc.uploadReport(report.id);
    }
    if (seen.state !== 'Completed')
      throw Failure.later('report-unavailable', { detail: `the report is ${seen.state}` });
    return seen;
  }

  async #apply(open: OpenUploads): Promise<ConfirmationResult> {
    const result = noResult();
    const entries = open.entries();
    const takeTurns = async () => {
      for (const [recordingId, rows] of entries) await this.#applyTo(recordingId, rows, result);
    };
    // Who fails takes no further one; the others end by themselves when Redis is away.
    const turns = Array.from({ length: atOnce }, takeTurns);
    await Promise.allSettled(turns);
    await Promise.all(turns);
    return result;
  }

  async #applyTo(
    recordingId: string,
    rows: RowsOfUpload,
    result: ConfirmationResult,
  ): Promise<void> {
    const row = rows.thatCounts(this.#now());
    const injection = await this.#stillUploaded(recordingId, row);
    if (injection === undefined) return;
    if (row?.status === 'Failure') {
      if (await this.#reject(injection, row, rows)) result.rejected += 1;
    } else if (row !== undefined) await this.#applyRow(injection, { row, rows }, result);
    else if (this.#now() - (injection.uploadedAtMs ?? 0) > longestReportMs) {
      result.beyondReports += 1;
      result.heldOverAnHour += 1;
    }
  }

  async #stillUploaded(
    recordingId: string,
    row: RowStanding | undefined,
  ): Promise<Injection | undefined> {
    const injection = await this.#options.store.get(recordingId);
    if (injection?.state !== 'uploaded') return undefined;
    // Uploaded anew while the report was read: the row is about an earlier upload.
    const { uploadedAtMs = 0 } = injection;
    return row?.atMs !== undefined && row.atMs < uploadedAtMs - marginMs ? undefined : injection;
  }

  async #applyRow(
    injection: Injection,
    { row, rows }: { readonly row: RowStanding; readonly rows: RowsOfUpload },
    result: ConfirmationResult,
  ): Promise<void> {
    const { store } = this.#options;
    const { recordingId, uploadedAtMs = 0 } = injection;
    const facts = { ...injection.facts, reportStatus: row.status };
    if (row.status === 'Success') {
      // The metadata are in GC now; keeping them here too would be a second copy of personal data.
      const change = {
        state: 'confirmed',
        confirmedAtMs: this.#now(),
        facts,
        metadata: undefined,
      } as const;
      if (!(await store.moveFrom(recordingId, ['uploaded'], change))) return;
      result.confirmed += 1;
      const copies = rows.successes - (injection.facts.timesStored ?? 1);
      if (copies > 0) this.#options.onCopies?.(copies);
      await this.#options.deleteAtOnce('confirmed', injection);
      return;
    }
    if (injection.facts.reportStatus !== row.status) {
      await store.moveFrom(recordingId, ['uploaded'], { state: 'uploaded', facts });
    }
    const isHeld = row.status === 'WaitForConversation' && this.#now() - uploadedAtMs > hourMs;
    if (isHeld) result.heldOverAnHour += 1;
  }

  async #reject(
    injection: Injection,
    { status, reason = 'no reason given' }: RowStanding,
    { failuresWithoutTime: reportFailures }: RowsOfUpload,
  ): Promise<boolean> {
    const { store, logger } = this.#options;
    const { recordingId } = injection;
    const detail = `GC's report: ${redactText(reason).slice(0, 300)}`;
    const facts = { ...injection.facts, reportStatus: status, reportFailures };
    const change = { state: 'failed', cause: 'gc-rejected', detail, facts } as const;
    if (!(await store.moveFrom(recordingId, ['uploaded'], change))) return false;
    // Without GC's words, which may name people: they are in the record.
    logger.error('recording.failed', { recordingId, cause: 'gc-rejected' });
    return true;
  }
}

async function firstOf<T>(items: AsyncIterable<T>): Promise<T | undefined> {
  for await (const item of items) return item;
  return undefined;
}
