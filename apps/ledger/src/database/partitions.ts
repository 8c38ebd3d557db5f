import { sql, type Transaction } from 'kysely';
import type { Db } from './connect.js';
import type { Database } from './tables.js';

/** Tables whose rows are kept by month, and go with it. */
const partitioned = ['recordings', 'interactions', 'proof_entries'] as const;
export type PartitionedTable = (typeof partitioned)[number];

/** The month of a time in UTC: `2026-03`. */
export function monthOf(time: string | number): string {
  return new Date(time).toISOString().slice(0, 7);
}

function monthAfter(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return monthOf(Date.UTC(year, number, 1));
}

/** Months that partitions are made for; a row of another one breaks a constraint and is set aside. */
const isPlausible = (month: string) => month >= '2000-01' && month < '2100-01';

/** Makes the partitions for months that have none yet. To be called under the writers' lock. */
export async function ensurePartitions(
  trx: Transaction<Database>,
  table: PartitionedTable,
  months: ReadonlySet<string>,
): Promise<void> {
  const wanted = [...months].filter(isPlausible).sort();
  if (wanted.length === 0) return;
  const names = wanted.map((month) => partitionName(table, month));
  const { rows } = await sql<{ name: string }>`
    SELECT name FROM unnest(${names}::text[]) AS name WHERE to_regclass(name) IS NULL`.execute(trx);
  const missing = new Set(rows.map(({ name }) => name));
  for (const month of wanted) {
    const name = partitionName(table, month);
    if (!missing.has(name)) continue;
    const [from, to] = [`${month}-01`, `${monthAfter(month)}-01`];
    await sql`CREATE TABLE ${sql.table(name)} PARTITION OF ${sql.table(table)}
      FOR VALUES FROM (${sql.lit(from)}) TO (${sql.lit(to)})`.execute(trx);
  }
}

function partitionName(table: PartitionedTable, month: string): string {
  return `${table}_${month.replace('-', '_')}`;
}

/**
 * Drops the months that ended before `beforeMs`.
 * @returns the names of the partitions that went
 */
export async function dropOldMonths(db: Db, beforeMs: number): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`
    SELECT child.relname AS name FROM pg_inherits
    JOIN pg_class child ON child.oid = inhrelid JOIN pg_class parent ON parent.oid = inhparent
    WHERE parent.relname IN (${sql.join(partitioned)})`.execute(db);
  // A month is over when the next one begins.
  const firstKept = monthOf(beforeMs).replace('-', '_');
  const old = rows.map(({ name }) => name).filter((name) => name.slice(-7) < firstKept);
  for (const name of old) await sql`DROP TABLE IF EXISTS ${sql.table(name)}`.execute(db);
  const firstMoment = new Date(`${firstKept.replace('_', '-')}-01T00:00:00Z`);
  await db.deleteFrom('tallies').where('hour', '<', firstMoment).execute();
  return old;
}
