import { readFile } from 'node:fs/promises';
import { sql } from 'kysely';
import type { Db } from '../../src/database/connect.js';

/** What work cost PostgreSQL so far, whatever else its machine did meanwhile; undefined: not known here. */
export type Cost = {
  readonly cpuMs: number | undefined;
  /** Pages of 8 kB that were looked at, in its memory or not. */
  readonly pages: number | undefined;
};

const tickMs = 10;

/**
 * CPU time of the sessions of this program, where PostgreSQL runs on this machine, and pages, where it has
 * `shared_preload_libraries=pg_stat_statements`.
 */
export async function costSoFar(db: Db): Promise<Cost> {
  return { cpuMs: await cpuMs(db), pages: await pages(db) };
}

async function cpuMs(db: Db): Promise<number | undefined> {
  const { rows } = await sql<{ pid: number }>`
    SELECT pid FROM pg_stat_activity WHERE application_name = 'exrec-ledger'`.execute(db);
  try {
    const all = await Promise.all(rows.map(({ pid }) => ticksOf(pid)));
    return all.reduce((sum, ticks) => sum + ticks, 0) * tickMs;
  } catch {
    return undefined;
  }
}

async function ticksOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8');
  // Behind the name of the program: state, then user and system time as the 12th and 13th.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

async function pages(db: Db): Promise<number | undefined> {
  try {
    const { rows } = await sql<{ pages: number }>`
      SELECT sum(shared_blks_hit + shared_blks_read)::float8 AS pages FROM pg_stat_statements`.execute(
      db,
    );
    return rows[0]?.pages;
  } catch {
    return undefined;
  }
}
