import { sql } from 'kysely';
import type { Db } from '../database/connect.js';
import type { Alternatives, Condition } from './conditions.js';
import type { Position } from './cursor.js';
import { behind, idColumns, where, type Key, type Table } from './newest.js';

/** One search in two forms. */
export type ByTerms = {
  /** What an index of terms answers: all of these have to hold. */
  readonly inIndex: readonly Condition[];
  /** What is quickest to say of a row that is read anyway. */
  readonly ofRow: Alternatives;
};

export type ByTermsOptions = ByTerms & {
  readonly table: Table;
  /** Epoch ms; `fromMs` included, `toMs` not. */
  readonly fromMs: number | undefined;
  readonly toMs: number | undefined;
  readonly limit: number;
  readonly after: Position | undefined;
};

type Window = { readonly from: Date; readonly to: Date };

/** What one in a hundred has is found among so many. */
const firstCheck = 5_000;

/**
 * The newest rows that have certain terms. What is frequent is found among the newest rows; what is not is asked of the
 * index of terms, which knows no order, month by month. So neither costs much, and PostgreSQL need not guess which it is.
 */
export async function newestByTerms(db: Db, options: ByTermsOptions): Promise<Key[]> {
  const { limit } = options;
  const { rows: frequent } = await amongNewestQuery(options).execute(db);
  if (frequent.length >= limit) return frequent;
  const [newest, ...others] = await windowsOf(db, options);
  if (newest === undefined) return [];
  const found = (await inWindowQuery(options, newest).execute(db)).rows;
  if (found.length >= limit) return found;
  // Where the newest has few the others have few: they are asked at once.
  const older = await Promise.all(
    others.map((window) => inWindowQuery(options, window).execute(db)),
  );
  return [...found, ...older.flatMap(({ rows }) => rows)].slice(0, limit);
}

/** @internal exported for the test that reads its plan */
export function amongNewestQuery(options: ByTermsOptions) {
  const { table, ofRow, limit, after } = options;
  const id = sql.ref(idColumns[table]);
  const order = sql`ORDER BY start_time DESC, ${id} DESC`;
  const newest = sql`SELECT * FROM ${sql.table(table)}
    ${where([...timesOf(options), ...behind(table, after)])} ${order} LIMIT ${firstCheck}`;
  return sql<Key>`SELECT ${id} AS id, start_time FROM (${newest}) newest
    WHERE ${anyOf(ofRow)} ${order} LIMIT ${limit}`;
}

/** @internal exported for the test that reads its plan */
export function inWindowQuery(
  { table, inIndex, limit, after }: ByTermsOptions,
  { from, to }: Window,
) {
  const times = [sql`start_time >= ${from}`, sql`start_time < ${to}`];
  return sql<Key>`WITH found AS MATERIALIZED (
      SELECT ${sql.ref(idColumns[table])} AS id, start_time FROM ${sql.table(table)}
      ${where([...inIndex, ...times, ...behind(table, after)])})
    SELECT id, start_time FROM found ORDER BY start_time DESC, id DESC LIMIT ${limit}`;
}

function anyOf(alternatives: Alternatives): Condition {
  const each = alternatives.map((conditions) => sql`(${sql.join(conditions, sql` AND `)})`);
  return sql.join(each, sql` OR `);
}

function timesOf({ fromMs, toMs }: ByTermsOptions): Condition[] {
  return [
    ...(fromMs === undefined ? [] : [sql`start_time >= ${new Date(fromMs)}`]),
    ...(toMs === undefined ? [] : [sql`start_time < ${new Date(toMs)}`]),
  ];
}

/** The newest month, the two before it, the four before those: as far back as there are rows. */
async function windowsOf(
  db: Db,
  { table, fromMs, toMs, after }: ByTermsOptions,
): Promise<Window[]> {
  const { rows } = await sql<{ first: Date | null; last: Date | null }>`
    SELECT min(start_time) AS first, max(start_time) AS last FROM ${sql.table(table)}`.execute(db);
  const [{ first, last } = { first: null, last: null }] = rows;
  if (first === null || last === null) return [];
  const startMs = Math.max(first.getTime(), fromMs ?? -Infinity);
  let endMs = Math.min(last.getTime() + 1, toMs ?? Infinity, (after?.startMs ?? Infinity) + 1);
  const windows: Window[] = [];
  for (let months = 1; endMs > startMs; months *= 2) {
    const monthMs = monthsBefore(endMs - 1, months - 1);
    const from = new Date(Math.max(monthMs, startMs));
    windows.push({ from, to: new Date(endMs) });
    endMs = from.getTime();
  }
  return windows;
}

/** The beginning of the month that is so many months before that of a moment. */
function monthsBefore(ms: number, months: number): number {
  const date = new Date(ms);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - months, 1);
}
