import { chained, firstHead, headOf, type Logger, type ProofRow } from '@exrec/service-kit';
import { sql, type Transaction } from 'kysely';
import { asWriter } from '../database/as-writer.js';
import type { Db } from '../database/connect.js';
import type { Database, ProofEntryRow } from '../database/tables.js';
import { dayOf } from '../rows/proof-tuple.js';
import { dayAfter } from '../rows/row-writer.js';

/** Changes of a day may still be on their way for so long after its end. */
const graceMs = 15 * 60_000;
const step = 5_000;

export type SealOptions = {
  readonly db: Db;
  readonly nowMs: number;
  /** When the oldest change that waits in Redis happened, epoch ms; undefined: none waits. */
  readonly oldestWaitingMs: number | undefined;
  readonly logger: Logger;
};

/**
 * Seals every day that is over and whose changes are all in the database, in their order: a day's head includes the
 * one before. No entry is added to a sealed day.
 * @returns the days that were sealed
 */
export async function sealDays(options: SealOptions): Promise<readonly string[]> {
  const { db, nowMs, oldestWaitingMs = Number.POSITIVE_INFINITY, logger } = options;
  const sealed: string[] = [];
  for (;;) {
    const next = await nextDay(db);
    if (next === undefined) return sealed;
    const endMs = Date.parse(`${dayAfter(next.day)}T00:00:00Z`);
    if (nowMs < endMs + graceMs || oldestWaitingMs < endMs) return sealed;
    const rows = await asWriter(db, (trx) => seal(trx, next));
    logger.info('proof.sealed', { day: next.day, rows });
    sealed.push(next.day);
  }
}

type Next = { readonly day: string; readonly previousHead: string };

/** The day after the last sealed one; at first the day of the first entry. */
async function nextDay(db: Db): Promise<Next | undefined> {
  const last = await db
    .selectFrom('proof_days')
    .selectAll()
    .orderBy('day', 'desc')
    .executeTakeFirst();
  if (last !== undefined) return { day: dayAfter(last.day), previousHead: last.head };
  const first = await db
    .selectFrom('proof_entries')
    .select(({ fn }) => fn.min('day').as('day'))
    .executeTakeFirst();
  return first?.day ? { day: first.day, previousHead: firstHead } : undefined;
}

async function seal(trx: Transaction<Database>, { day, previousHead }: Next): Promise<number> {
  const known = await trx.selectFrom('proof_days').select('day').where('day', '=', day).execute();
  // Another ledger was quicker.
  if (known.length > 0) return 0;
  let chain = previousHead;
  let count = 0;
  let last = '';
  for (;;) {
    const rows = await entriesAfter(trx, day, last);
    const links = rows.map((row) => {
      chain = chained(chain, proofRowOf(row));
      return { id: row.recording_id, chain };
    });
    await sql`UPDATE proof_entries SET chain = link.chain
      FROM jsonb_to_recordset(${JSON.stringify(links)}::jsonb) AS link (id text, chain text)
      WHERE day = ${day} AND recording_id = link.id`.execute(trx);
    count += rows.length;
    last = rows.at(-1)?.recording_id ?? last;
    if (rows.length < step) break;
  }
  await trx
    .insertInto('proof_days')
    .values({
      day,
      previous_head: previousHead,
      head: headOf(day, chain, count),
      rows: count,
      sealed_at: new Date(),
    })
    .execute();
  return count;
}

/** Rows of a day in the order of the chain. */
export function entriesAfter(
  db: Db | Transaction<Database>,
  day: string,
  last: string,
): Promise<ProofEntryRow[]> {
  return db
    .selectFrom('proof_entries')
    .selectAll()
    .where('day', '=', day)
    .where('recording_id', '>', last)
    .orderBy('recording_id')
    .limit(step)
    .execute();
}

export function proofRowOf(row: ProofEntryRow): ProofRow {
  return {
    recordingId: row.recording_id,
    audioSha256: row.audio_sha256,
    zipSha256: row.zip_sha256,
    keyFingerprint: row.key_fingerprint,
    uploadKey: row.upload_key,
    state: row.state,
    confirmedAt: row.confirmed_at?.toISOString() ?? null,
  };
}

/** A sealed day, line by line: its head, then its rows with the chain as it was sealed. */
export async function* exportLines(db: Db, day: string): AsyncGenerator<string> {
  const sealed = await sealedDay(db, day);
  if (sealed === undefined) return;
  const { sealedAt: _when, ...head } = sealed;
  yield JSON.stringify(head);
  let last = '';
  for (;;) {
    const rows = await entriesAfter(db, day, last);
    for (const row of rows) yield JSON.stringify({ ...proofRowOf(row), chain: row.chain });
    last = rows.at(-1)?.recording_id ?? last;
    if (rows.length < step) return;
  }
}

export async function sealedDay(db: Db, day: string) {
  const found = await db
    .selectFrom('proof_days')
    .selectAll()
    .where('day', '=', day)
    .executeTakeFirst();
  return found === undefined
    ? undefined
    : {
        day: found.day,
        previousHead: found.previous_head,
        head: found.head,
        rows: found.rows,
        sealedAt: found.sealed_at.toISOString(),
      };
}

/** Today is never sealed. */
export function isOver(day: string, nowMs: number): boolean {
  return day < dayOf(nowMs);
}
