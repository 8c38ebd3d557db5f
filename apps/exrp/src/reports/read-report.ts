import { CsvReader } from './csv-reader.js';
import { JsonReader } from './json-reader.js';
import type { ReportReader, RowSink } from './report-reader.js';
import type { ReportRow } from './report-row.js';
import { reportText } from './report-text.js';

/** What a report held besides its rows. */
export type ReportReading = {
  readonly rows: number;
  /** Rows in which no file or no status was found. */
  readonly unreadRows: number;
  /** Names of the columns, or of the fields of JSON; they may hold anything (`tellableColumns`). */
  readonly columns: readonly string[];
};

/**
 * Reads an upload report of any size as it comes: CSV in its many forms, JSON (a list, or an object that holds one) or
 * JSON lines; gzip, UTF-8 or UTF-16. Rows that can be read count, others are counted; no error tells what is in it.
 * @throws what `bytes` throws
 */
export async function readReport(
  bytes: AsyncIterable<Uint8Array>,
  onRow: (row: ReportRow) => void,
): Promise<ReportReading> {
  let [rows, unreadRows] = [0, 0];
  let columns: readonly string[] = [];
  const sink: RowSink = {
    row: (row) => {
      rows += 1;
      onRow(row);
    },
    unread: (more) => void (unreadRows += more),
    columns: (names) => {
      if (columns.length === 0) columns = names;
    },
  };
  let reader: ReportReader | undefined;
  for await (const piece of reportText(bytes)) {
    const text = reader === undefined ? piece.trimStart() : piece;
    if (text === '') continue;
    reader ??= /^[[{]/.test(text) ? new JsonReader(sink) : new CsvReader(sink);
    reader.push(text);
  }
  reader?.end();
  return { rows, unreadRows, columns };
}
