import { sql } from 'kysely';
import type { Db } from '../database/connect.js';
import type { InteractionRow, RecordingRow } from '../database/tables.js';
import type { Alternatives, Condition } from './conditions.js';
import type { Position } from './cursor.js';

export type Table = 'recordings' | 'interactions';
export type RowOf<T extends Table> = T extends 'recordings' ? RecordingRow : InteractionRow;

export const idColumns = { recordings: 'recording_id', interactions: 'interaction_id' } as const;

export type NewestOptions<T extends Table> = {
  readonly table: T;
  readonly alternatives: Alternatives;
  readonly limit: number;
  /** Goes on behind this one. */
  readonly after: Position | undefined;
};

export type Key = { readonly id: string; readonly start_time: Date };

/** The keys of the newest rows that one of the alternatives holds for, in the order of an index for each of them. */
export async function newestKeys<T extends Table>(
  db: Db,
  options: NewestOptions<T>,
): Promise<Key[]> {
  if (options.alternatives.length === 0) return [];
  return (await keysQuery(options).execute(db)).rows;
}

/** The rows with these keys, newest first. */
export async function rowsOf<T extends Table>(
  db: Db,
  table: T,
  keys: readonly Key[],
): Promise<RowOf<T>[]> {
  if (keys.length === 0) return [];
  const id = sql.ref(idColumns[table]);
  // PostgreSQL knows parts of a millisecond.
  const times = keys.map(({ start_time }) => start_time.getTime());
  const { rows } = await sql<{ row: RowOf<T> }>`
    SELECT to_jsonb(r) AS row FROM ${sql.table(table)} r
    WHERE ${id} = ANY(${keys.map((key) => key.id)}::text[])
      AND start_time BETWEEN ${new Date(Math.min(...times))} AND ${new Date(Math.max(...times) + 1)}
    ORDER BY start_time DESC, ${id} DESC`.execute(db);
  return rows.map(({ row }) => row);
}

/** The newest of several lists, each once. */
export function newestOf(lists: readonly (readonly Key[])[], limit: number): Key[] {
  const byId = new Map(lists.flat().map((key) => [key.id, key]));
  const newer = (left: Key, right: Key) =>
    right.start_time.getTime() - left.start_time.getTime() || (left.id < right.id ? 1 : -1);
  return [...byId.values()].sort(newer).slice(0, limit);
}

/** @internal exported for the test that reads its plan */
export function keysQuery({ table, alternatives, limit, after }: NewestOptions<Table>) {
  const id = sql.ref(idColumns[table]);
  const branches = alternatives.map((conditions) => {
    const filter = where([...conditions, ...behind(table, after)]);
    return sql`(SELECT ${id} AS id, start_time FROM ${sql.table(table)} ${filter}
      ORDER BY start_time DESC, ${id} DESC LIMIT ${limit})`;
  });
  const [only] = branches;
  if (branches.length === 1 && only !== undefined) return sql<Key>`${only}`;
  return sql<Key>`SELECT id, start_time FROM (${sql.join(branches, sql` UNION `)}) found
    ORDER BY start_time DESC, id DESC LIMIT ${limit}`;
}

export function where(conditions: readonly Condition[]): Condition {
  return conditions.length === 0 ? sql`` : sql`WHERE ${sql.join(conditions, sql` AND `)}`;
}

/** What comes after a position. */
export function behind(table: Table, after: Position | undefined): Condition[] {
  if (after === undefined) return [];
  const id = sql.ref(idColumns[table]);
  return [sql`(start_time, ${id}) < (${new Date(after.startMs)}, ${after.id})`];
}
