import { parse } from 'csv-parse/sync';
import * as z from 'zod';

/** What GC says became of one uploaded file. */
export type ReportRow = {
  readonly recordingId: string;
  readonly status: 'Success' | 'Failure' | 'Pending' | 'WaitForConversation';
  /** GC's words for a failure. */
  readonly reason?: string;
  /** When GC noted the row, epoch ms, where a column tells. */
  readonly atMs?: number;
};

export type ReportReading = {
  readonly rows: readonly ReportRow[];
  /** Rows in which no recording or no status was found. */
  readonly unreadRows: number;
  /** Names of all columns, for the log when rows could not be read; of JSON without rows, of its fields. */
  readonly columns: readonly string[];
};

type Row = Readonly<Record<string, unknown>>;

/** The report's columns are not public [F 4.2]: they are found by name, first match wins. */
const fileColumns = [
  'filename',
  'name',
  'file',
  'uploadkey',
  'objectkey',
  'key',
  's3key',
  'path',
  'recordingid',
];
const statusColumns = ['uploadstatus', 'status', 'state', 'result'];
const reasonColumns = [
  'errormessage',
  'failurereason',
  'reason',
  'message',
  'error',
  'errorcode',
  'details',
  'detail',
];
const timeColumns = [
  'dateuploaded',
  'uploaddate',
  'uploadtime',
  'datemodified',
  'datecreated',
  'timestamp',
  'date',
  'time',
];

const statuses = ['Success', 'Failure', 'Pending', 'WaitForConversation'] as const;
const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i;

/**
 * Reads a downloaded upload report: CSV (quoted fields, BOM, comma, semicolon or tab) or JSON
 * (a list, or an object that holds one, at most two levels deep).
 * @throws SyntaxError or a CSV error when it is neither
 */
export function readReport(text: string): ReportReading {
  const body = text.replace(/^\uFEFF/, '').trim();
  return /^[[{]/.test(body) ? readJson(JSON.parse(body)) : reading(csvRows(body));
}

function reading(found: readonly Row[]): ReportReading {
  const rows = found.map(readRow).filter((row) => row !== undefined);
  return { rows, unreadRows: found.length - rows.length, columns: Object.keys(found[0] ?? {}) };
}

const rowSchema = z.record(z.string(), z.unknown());
const listSchema = z.array(rowSchema);

/** Warnings, totals by day and the like may stand beside the uploads: the list that tells of most counts. */
function readJson(json: unknown): ReportReading {
  const list = listSchema.safeParse(json);
  if (list.success) return reading(list.data);
  const holder = rowSchema.parse(json);
  const [best] = listsIn(holder)
    .map(reading)
    .toSorted((a, b) => b.rows.length - a.rows.length || b.unreadRows - a.unreadRows);
  return best !== undefined && best.columns.length > 0
    ? best
    : { rows: [], unreadRows: 0, columns: Object.keys(holder) };
}

function listsIn(holder: Row): Row[][] {
  const inner = Object.values(holder).map((value) => rowSchema.safeParse(value).data ?? {});
  return [holder, ...inner]
    .flatMap((level) => Object.values(level))
    .flatMap((value) => {
      const list = listSchema.safeParse(value);
      return list.success ? [list.data] : [];
    });
}

const delimiters = [',', ';', '\t'];

/** The header tells the delimiter: the others may stand in the text of any row. */
function delimiterOf(body: string): string {
  // Each of the two begins with another character: there is one way only.
  // eslint-disable-next-line exrec/nested-repetition
  const [header = ''] = /^(?:"[^"]*"|[^"\n])*/.exec(body) ?? [];
  const unquoted = header.replace(/"[^"]*"/g, '');
  const count = (delimiter: string) => unquoted.split(delimiter).length;
  return delimiters.toSorted((a, b) => count(b) - count(a))[0] ?? ',';
}

function csvRows(body: string): Row[] {
  if (body === '') return [];
  return listSchema.parse(
    parse(body, {
      columns: true,
      delimiter: delimiterOf(body),
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
    }),
  );
}

function readRow(row: Row): ReportRow | undefined {
  const fields = new Map(Object.entries(row).map(([name, value]) => [plain(name), textOf(value)]));
  const named = fileColumns.map((column) => uuid.exec(fields.get(column) ?? '')?.[0]);
  const recordingId = named.find((id) => id !== undefined)?.toLowerCase();
  const status = statusOf(firstOf(fields, statusColumns));
  if (recordingId === undefined || status === undefined) return undefined;
  const reason = firstOf(fields, reasonColumns);
  const atMs = Date.parse(firstOf(fields, timeColumns) ?? '');
  return {
    recordingId,
    status,
    ...(reason === undefined ? {} : { reason }),
    ...(Number.isNaN(atMs) ? {} : { atMs }),
  };
}

function statusOf(text: string | undefined): ReportRow['status'] | undefined {
  const wanted = plain(text ?? '');
  return statuses.find((status) => plain(status) === wanted);
}

function firstOf(
  fields: ReadonlyMap<string, string>,
  columns: readonly string[],
): string | undefined {
  return columns
    .map((column) => fields.get(column))
    .find((value) => value !== undefined && value !== '');
}

/** Column names are compared by their letters and digits only. */
function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === null || value === undefined ? '' : JSON.stringify(value);
}
