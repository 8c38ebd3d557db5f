/** What GC says became of one uploaded file. */
export type ReportRow = {
  readonly status: 'Success' | 'Failure' | 'Pending' | 'WaitForConversation';
  /** What may name the file, e.g. an upload key: as it stands in the row. */
  readonly names: readonly string[];
  /** Every UUID in the row, in lower case, those of `names` first. */
  readonly uuids: readonly string[];
  /** GC's words for a failure; they may name people. */
  readonly reason?: string;
  /** When GC noted the row, epoch ms, where a column tells. */
  readonly atMs?: number;
};

/** Fields of a row by the plain form of their column. */
export type Fields = ReadonlyMap<string, string>;

/** The report's columns are not public (docs/reference/genesys-facts.md#42-upload-status-reports): they are found by name, first match wins. */
const nameColumns = [
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
/** What stands in these names an upload even if it is no id. */
const keyColumns = ['uploadkey', 'objectkey', 'key', 's3key'];
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

/** GC's words (docs/reference/genesys-facts.md#42-upload-status-reports), and those that others use for the same. */
const statuses: Readonly<Record<string, ReportRow['status']>> = {
  success: 'Success',
  succeeded: 'Success',
  successful: 'Success',
  complete: 'Success',
  completed: 'Success',
  ok: 'Success',
  failure: 'Failure',
  failed: 'Failure',
  error: 'Failure',
  rejected: 'Failure',
  pending: 'Pending',
  inprogress: 'Pending',
  processing: 'Pending',
  waitforconversation: 'WaitForConversation',
  waitingforconversation: 'WaitForConversation',
};

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
const mostUuids = 16;
const longestName = 512;

/** A row by its columns; `undefined` without a status or anything that may name a recording. */
export function rowOf(fields: Fields): ReportRow | undefined {
  const status = statusOf(firstOf(fields, statusColumns));
  if (status === undefined) return undefined;
  const names = nameColumns.flatMap((column) => fields.get(column) ?? []).filter(Boolean);
  const uuids = uuidsIn([...names, ...fields.values()]);
  if (uuids.length === 0 && firstOf(fields, keyColumns) === undefined) return undefined;
  const reason = firstOf(fields, reasonColumns);
  const atMs = timeOf(firstOf(fields, timeColumns) ?? '');
  return {
    status,
    names: names.map((name) => name.slice(0, longestName)),
    uuids,
    ...(reason === undefined ? {} : { reason }),
    ...(atMs === undefined ? {} : { atMs }),
  };
}

/** A row of a table without a header: what each field is, it tells by itself. */
export function rowOfUnnamed(fields: readonly string[]): ReportRow | undefined {
  const status = fields.map(statusOf).find((found) => found !== undefined);
  const uuids = uuidsIn(fields);
  if (status === undefined || uuids.length === 0) return undefined;
  const atMs = fields.map(timeOf).findLast((found) => found !== undefined);
  const names = fields.filter((field) => field.length <= longestName && field.search(uuid) >= 0);
  return { status, names, uuids, ...(atMs === undefined ? {} : { atMs }) };
}

/** Whether these are names of columns: of one that names files, and of one that tells the status. */
export function isHeader(fields: readonly string[]): boolean {
  const columns = fields.map(plain);
  return [nameColumns, statusColumns].every((known) =>
    columns.some((column) => known.includes(column)),
  );
}

/** Column names are compared by their letters and digits only. */
export function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

const columnWords = new Set(
  (
    'upload uploaded file name object key s 3 s3 path recording id status state result error message failure reason ' +
    'code detail details date time stamp timestamp modified created size bytes md5 type total count entities items ' +
    'rows data uploads results warnings parts page number next url uri org organization conversation user self'
  ).split(' '),
);

/** The names of columns for a log: words that are usual in them. Anything else may be a person's name, and is `?`. */
export function tellableColumns(names: readonly string[]): string {
  return names
    .slice(0, 30)
    .map((name) => {
      const words = name.split(/[^A-Za-z0-9]+|(?<=[a-z])(?=[A-Z])/).filter(Boolean);
      const isUsual = words.every((word) => columnWords.has(word.toLowerCase()));
      return isUsual && name.length <= 40 ? name : '?';
    })
    .join(' | ');
}

function statusOf(text: string | undefined): ReportRow['status'] | undefined {
  const word = text === undefined || text.length > 40 ? '' : plain(text);
  return Object.hasOwn(statuses, word) ? statuses[word] : undefined;
}

function uuidsIn(texts: readonly string[]): readonly string[] {
  const found = new Set<string>();
  for (const text of texts)
    for (const [id] of text.matchAll(uuid)) {
      found.add(id.toLowerCase());
      if (found.size >= mostUuids) return [...found];
    }
  return [...found];
}

function firstOf(fields: Fields, columns: readonly string[]): string | undefined {
  return columns
    .map((column) => fields.get(column))
    .find((value) => value !== undefined && value !== '');
}

const isoTime =
  /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?) ?(Z|UTC|GMT|[+-]\d\d:?\d\d)?$/i;

/** ISO, UTC where no zone is told; or epoch seconds or ms. Anything that could mean two days is no time. */
export function timeOf(text: string): number | undefined {
  if (/^\d{10}$/.test(text)) return Number(text) * 1000;
  if (/^\d{13}$/.test(text)) return Number(text);
  const [, day, time, zone = 'Z'] = isoTime.exec(text.trim()) ?? [];
  if (day === undefined || time === undefined) return undefined;
  const offset = /^(Z|UTC|GMT)$/i.test(zone) ? 'Z' : zone.replace(/^([+-]\d\d):?/, '$1:');
  const atMs = Date.parse(`${day}T${time}${offset}`);
  return Number.isNaN(atMs) ? undefined : atMs;
}
