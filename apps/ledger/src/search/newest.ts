import { sql } from 'kysely';
import type { Db } from '../database/connect.js';
import type { InteractionRow, RecordingRow } from '../database/tables.js';
import type { Alternatives } from './conditions.js';
import type { Position } from './cursor.js';

export type Table = 'recordings' | 'interactions';
export type RowOf<T extends Table> = T extends 'recordings' ? RecordingRow : InteractionRow;

const idColumns = { recordings: 'recording_id', interactions: 'interaction_id' } as const;

export type NewestOptions<T extends Table> = {
  readonly table: T;
  readonly alternatives: Alternatives;
  readonly limit: number;
  /** Goes on behind this one. */
  readonly after: Position | undefined;
};

type Key = { readonly id: string; readonly start_time: Date };

/**
 * The newest rows that one of the alternatives holds for, in two steps: keys in the order of an index for each
 * alternative, then the rows of those that are left.
 */
export async function newest<T extends Table>(
  db: Db,
  options: NewestOptions<T>,
): Promise<RowOf<T>[]> {
  const { table, alternatives } = options;
  if (alternatives.length === 0) return [];
  const { rows: keys } = await keysQuery(options).execute(db);
  if (keys.length === 0) return [];
  const id = sql.ref(idColumns[table]);
  const times = keys.map(({ start_time }) => start_time.getTime());
  const { rows } = await sql<{ row: RowOf<T> }>`
    SELECT to_jsonb(r) AS row FROM ${sql.table(table)} r
    WHERE ${id} = ANY(${keys.map((key) => key.id)}::text[])
      AND start_time BETWEEN ${new Date(Math.min(...times))} AND ${new Date(Math.max(...times))}
    ORDER BY start_time DESC, ${id} DESC`.execute(db);
  return rows.map(({ row }) => row);
}

/** @internal exported for the test that reads its plan */
export function keysQuery({ table, alternatives, limit, after }: NewestOptions<Table>) {
  const id = sql.ref(idColumns[table]);
  const behind =
    after === undefined
      ? []
      : [sql`(start_time, ${id}) < (${new Date(after.startMs)}, ${after.id})`];
  const branches = alternatives.map((conditions) => {
    const where = [...conditions, ...behind];
    const filter = where.length === 0 ? sql`` : sql`WHERE ${sql.join(where, sql` AND `)}`;
    return sql`(SELECT ${id} AS id, start_time FROM ${sql.table(table)} ${filter}
      ORDER BY start_time DESC, ${id} DESC LIMIT ${limit})`;
  });
  const [only] = branches;
  if (branches.length === 1 && only !== undefined) return sql<Key>`${only}`;
  return sql<Key>`SELECT id, start_time FROM (${sql.join(branches, sql` UNION `)}) found
    ORDER BY start_time DESC, id DESC LIMIT ${limit}`;
}
