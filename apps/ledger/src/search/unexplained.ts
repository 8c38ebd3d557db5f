import { sql } from 'kysely';
import type { Db } from '../database/connect.js';
import type { Span } from './summary.js';

/** EXRP takes what EXCP has sent within seconds, and tells of it. */
const dispatchedWithinMs = 15 * 60_000;
/** The longest time that EXCP keeps a segment before it decides, and some. */
const decidedWithinMs = 24 * 3_600_000;

/** Collected, and neither sent nor told of any more: nobody knows what became of them. */
export async function countUnexplained(db: Db, span: Span, nowMs: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    SELECT count(*) AS count FROM recordings r
    WHERE state = 'collected' AND start_time >= ${new Date(span.fromMs)} AND start_time < ${new Date(span.toMs)}
      AND (
        (dispatch->>'state' = 'dispatched' AND (dispatch->>'atMs')::float8 < ${nowMs - dispatchedWithinMs})
        OR coalesce(end_time, start_time) < ${new Date(nowMs - decidedWithinMs)}
        OR EXISTS (SELECT FROM differences d WHERE d.recording_id = r.recording_id AND d.kind = 'never-dispatched')
      )`.execute(db);
  return rows[0]?.count ?? 0;
}
