import type { ReportRow } from './report-row.js';

/** Where a reader brings what it finds. */
export type RowSink = {
  row(row: ReportRow): void;
  /** So many rows could not be read. */
  unread(rows: number): void;
  /** Names of columns or fields, for the log when nothing was understood; the first ones count. */
  columns(names: readonly string[]): void;
};

/** Reads a report piece by piece; it keeps no more than what one row may be long. */
export type ReportReader = {
  push(text: string): void;
  end(): void;
};
