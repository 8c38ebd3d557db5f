import { setTimeout as sleep } from 'node:timers/promises';
import type { GcApi, UploadReport } from '@exrec/gc-api';
import { Failure, redactText, type Logger } from '@exrec/service-kit';
import type { Injection } from '../injection/states/injection.js';
import type { InjectionStore } from '../injection/store/injection-store.js';
import type { DeleteAtOnce } from '../retention/delete-at-once.js';
import { readReport, type ReportRow } from './read-report.js';
import { failuresWithoutTime, rowsByRecording, rowThatCounts } from './row-that-counts.js';

export type ConfirmationOptions = {
  readonly gc: Pick<GcApi, 'createUploadReport' | 'uploadReport'>;
  readonly store: InjectionStore;
  readonly download: (signedUrl: string) => Promise<string>;
  readonly logger: Logger;
  readonly now?: () => number;
  /** A report says that GC could not use what we uploaded: the key may be the reason (CONTRACTS 3.4). */
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
 * Reports reach back this far at most (our choice): one upload that GC never tells of must not make every later
 * report longer, until none can be downloaded.
 */
const longestReportMs = 7 * 24 * 3_600_000;
const longestPollMs = 5_000;
const maxPolls = 120;

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

/** Closes the loop: asks GC what became of every uploaded recording (CONTRACTS 3.7). */
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
    const { rows, unreadRows, columns } = readReport(await download(report.signedUrl));
    if (unreadRows > 0)
      logger.warn('report.rows-unread', { unreadRows, columns: columns.join(' | ') });
    const result = await this.#apply(rowsByRecording(rows));
    if (rows.length + unreadRows === 0 && columns.length > 0) {
      // Asked about uploads, a report that tells of none was not understood.
      const { uploaded } = await store.countByState();
      if (uploaded > result.beyondReports)
        logger.warn('report.without-rows', { fields: columns.join(' | ') });
    }
    if (result.rejected > 0) this.#options.onRejected?.();
    logger.info('report.read', { rows: rows.length, unreadRows, ...result });
    return result;
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

  async #apply(rowsOf: ReadonlyMap<string, readonly ReportRow[]>): Promise<ConfirmationResult> {
    const result = noResult();
    for await (const injection of this.#options.store.each(['uploaded'])) {
      const { recordingId, uploadedAtMs = 0, facts } = injection;
      const rows = rowsOf.get(recordingId) ?? [];
      const knownFailures = facts.reportFailures ?? 0;
      const row = rowThatCounts(rows, { uploadedAtMs, knownFailures, nowMs: this.#now() });
      if (row?.status === 'Failure') {
        if (await this.#reject(injection, row, rows)) result.rejected += 1;
      } else if (row !== undefined) await this.#applyRow(injection, row, result);
      else if (this.#now() - uploadedAtMs > longestReportMs) {
        result.beyondReports += 1;
        result.heldOverAnHour += 1;
      }
    }
    return result;
  }

  async #applyRow(injection: Injection, row: ReportRow, result: ConfirmationResult): Promise<void> {
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
    { status, reason = 'no reason given' }: ReportRow,
    rows: readonly ReportRow[],
  ): Promise<boolean> {
    const { store, logger } = this.#options;
    const { recordingId } = injection;
    const detail = `GC's report: ${redactText(reason).slice(0, 300)}`;
    const reportFailures = failuresWithoutTime(rows);
    const facts = { ...injection.facts, reportStatus: status, reportFailures };
    const change = { state: 'failed', cause: 'gc-rejected', detail, facts } as const;
    if (!(await store.moveFrom(recordingId, ['uploaded'], change))) return false;
    logger.error('recording.failed', { recordingId, cause: 'gc-rejected', detail });
    return true;
  }
}

async function firstOf<T>(items: AsyncIterable<T>): Promise<T | undefined> {
  for await (const item of items) return item;
  return undefined;
}
