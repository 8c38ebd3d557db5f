import { sql } from 'kysely';
import type { Db } from '../../src/database/connect.js';
import { ensurePartitions, monthOf } from '../../src/database/partitions.js';

export type ManyRows = {
  readonly recordings: number;
  /** Recordings are spread evenly over this time, epoch ms. */
  readonly fromMs: number;
  readonly toMs: number;
};

/** Digits of the n-th caller; every caller has called about ten times. */
export const callerOf = (index: number) => `4930${String(5_000_000 + index)}`;
/** Ids as `recordingOf(n)` in SQL makes them. */
export const recordingOf = (index: number) =>
  `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
export const callOf = (index: number) => `02AB7QK3${String(index).padStart(24, '0')}`;
export const mediaOf = (index: number) =>
  `${callOf(index)}_2026-03-03_10-15-04-00A1B2C3-1000F00D-00000001.opus`;

const step = 250_000;

/**
 * Fills an empty ledger with made-up rows: 2,000 agents, 40 queues, 5 languages, 8 programs; 96 in 100 are confirmed.
 * Indexes are made when the rows are there, as a restore does.
 */
export async function fillWithRows(
  db: Db,
  rows: ManyRows,
  digestOf: (digits: string) => string,
): Promise<void> {
  const months = new Set<string>();
  for (let ms = rows.fromMs; ms < rows.toMs; ms += 24 * 3_600_000) months.add(monthOf(ms));
  months.add(monthOf(rows.toMs - 1));
  await db.transaction().execute(async (trx) => {
    for (const table of ['recordings', 'interactions'] as const)
      await ensurePartitions(trx, table, months);
  });
  const indexes = await dropIndexes(db);
  await fillCallers(db, rows, digestOf);
  for (let first = 0; first < rows.recordings; first += step) {
    const last = Math.min(first + step, rows.recordings) - 1;
    await insertRecordings(db, rows, first, last);
    await insertInteractions(db, rows, first, last);
  }
  for (const statement of indexes) await longer(db, statement);
  await longer(db, tallyStatement);
  await longer(db, 'ANALYZE');
}

/** A statement that may take as long as it likes. */
async function longer(db: Db, statement: string): Promise<void> {
  await db.connection().execute(async (connection) => {
    await sql`SELECT set_config('statement_timeout', '0', false), set_config('maintenance_work_mem', '2GB', false)`.execute(
      connection,
    );
    await sql.raw(statement).execute(connection);
    await sql`SELECT set_config('statement_timeout', '20000', false)`.execute(connection);
  });
}

async function dropIndexes(db: Db): Promise<string[]> {
  const { rows } = await sql<{ name: string; definition: string }>`
    SELECT c.relname AS name, pg_get_indexdef(c.oid) AS definition
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
    WHERE t.relname IN ('recordings', 'interactions') AND NOT i.indisprimary`.execute(db);
  for (const { name } of rows) await sql`DROP INDEX ${sql.ref(name)}`.execute(db);
  // Of the parent alone: its partitions get theirs with it.
  return rows.map(({ definition }) => definition.replace(' ON ONLY ', ' ON '));
}

async function fillCallers(db: Db, rows: ManyRows, digestOf: (digits: string) => string) {
  await sql`CREATE TABLE callers (id integer PRIMARY KEY, digest text, last4 text)`.execute(db);
  const count = Math.ceil(rows.recordings / 10);
  for (let first = 0; first < count; first += 20_000) {
    const some = Array.from({ length: Math.min(20_000, count - first) }, (_, i) => {
      const digits = callerOf(first + i);
      return { id: first + i, digest: digestOf(digits), last4: digits.slice(-4) };
    });
    await sql`INSERT INTO callers SELECT * FROM jsonb_populate_recordset(NULL::callers, ${JSON.stringify(some)}::jsonb)`.execute(
      db,
    );
  }
}

async function insertRecordings(
  db: Db,
  rows: ManyRows,
  first: number,
  last: number,
): Promise<void> {
  const { recordings, fromMs, toMs } = rows;
  await longer(
    db,
    `INSERT INTO recordings (recording_id, start_time, end_time, duration_ms, interaction_id, call_uuid, media_id, conversation_id, communication_id, agent, dn, queue, party, direction, ani_digest, ani_last4, dnis_digest, dnis_last4, in_scope, sta, sta_trail, program_id, program_name, language, state, cause, attempts, history, flags, audio_flags, audio_bytes, audio_sha256, zip_bytes, zip_sha256, key_id, key_fingerprint, upload_key, report_status, accepted_at, uploaded_at, confirmed_at, segment_rev, injection_rev, metadata_rev)
    SELECT '00000000-0000-4000-8000-' || twelve,
      start,
      start + interval '207 seconds',
      207000,
      '02AB7QK3' || long,
      '02AB7QK3' || long,
      '02AB7QK3' || long || '_2026-03-03_10-15-04-00A1B2C3-1000F00D-00000001.opus',
      md5('c' || n),
      md5('m' || n),
      'agent' || (10000 + (n::bigint * 104729) % 2000),
      (10000 + (n::bigint * 104729) % 2000)::text,
      'VQ_' || (n::bigint * 31337) % 40,
      'agent',
      'inbound',
      callers.digest,
      callers.last4,
      'hotline-' || n % 20,
      lpad((n % 20)::text, 4, '0'),
      n % 50 <> 0,
      CASE WHEN n % 20 = 1 THEN 'queue-unknown' ELSE 'requested' END,
      '[{"rule":"org","outcome":"org-transcription-enabled","value":"EnabledQueueFlow"},{"rule":"queue","outcome":"queue-found-by-name"}]'::jsonb,
      'program-' || n % 8,
      'Program ' || n % 8,
      (ARRAY['de-DE','en-US','fr-FR','es-ES','it-IT'])[1 + n % 5],
      CASE WHEN n % 50 = 0 THEN 'out-of-scope' WHEN n % 500 = 7 THEN 'failed' WHEN n % 200 = 9 THEN 'uploaded' ELSE 'confirmed' END,
      CASE WHEN n % 500 = 7 AND n % 50 <> 0 THEN (ARRAY['gc-rejected','audio-missing','audio-invalid'])[1 + n % 3] END,
      1,
      '[{"attempt":1,"outcome":"uploaded","startedAt":"2026-03-03T10:20:04.000Z","endedAt":"2026-03-03T10:20:05.000Z"}]'::jsonb,
      '{}'::text[],
      '{}'::text[],
      828480,
      md5('a' || n) || md5('b' || n),
      830000,
      md5('z' || n) || md5('y' || n),
      'key-1',
      upper(md5('k') || '12345678'),
      'recordings/' || md5('u' || n),
      'Success',
      start + interval '4 minutes',
      start + interval '5 minutes',
      start + interval '30 minutes',
      1,
      1,
      1
    FROM generate_series(${first}, ${last}) AS n
    JOIN callers ON callers.id = (n::bigint * 7919) % ${Math.ceil(recordings / 10)}
    CROSS JOIN LATERAL (SELECT lpad(n::text, 12, '0') AS twelve, lpad(n::text, 24, '0') AS long,
      timestamptz 'epoch' + (${fromMs} + (n::float8 / ${recordings}) * ${toMs - fromMs}) * interval '1 ms' AS start) x`,
  );
}

async function insertInteractions(
  db: Db,
  rows: ManyRows,
  first: number,
  last: number,
): Promise<void> {
  const { recordings, fromMs, toMs } = rows;
  await longer(
    db,
    `INSERT INTO interactions (interaction_id, start_time, end_time, conversation_id, call_uuids, state, direction, ended_by, ani_digest, ani_last4, dnis_digest, dnis_last4, flags, agents, dns, queues, segments, conversation_state, rev, found_by)
    SELECT '02AB7QK3' || long,
      start,
      start + interval '210 seconds',
      md5('c' || n),
      ARRAY['02AB7QK3' || long, 'consult-' || n],
      'finished',
      'inbound',
      'calls-deleted',
      callers.digest,
      callers.last4,
      'hotline-' || n % 20,
      lpad((n % 20)::text, 4, '0'),
      '{}'::text[],
      ARRAY['agent' || (10000 + (n::bigint * 104729) % 2000)],
      ARRAY[(10000 + (n::bigint * 104729) % 2000)::text],
      ARRAY['VQ_' || (n::bigint * 31337) % 40],
      1,
      'complete',
      1,
      array_remove(ARRAY['agent:agent' || (10000 + (n::bigint * 104729) % 2000), 'dn:' || (10000 + (n::bigint * 104729) % 2000),
        'queue:VQ_' || (n::bigint * 31337) % 40, 'conversation:' || md5('c' || n),
        'number:' || callers.digest, 'number:hotline-' || n % 20, 'last4:' || callers.last4,
        'last4:' || lpad((n % 20)::text, 4, '0'),
        'state:' || CASE WHEN n % 50 = 0 THEN 'out-of-scope' WHEN n % 500 = 7 THEN 'failed' WHEN n % 200 = 9 THEN 'uploaded' ELSE 'confirmed' END,
        'cause:' || CASE WHEN n % 500 = 7 AND n % 50 <> 0 THEN (ARRAY['gc-rejected','audio-missing','audio-invalid'])[1 + n % 3] END,
        'language:' || (ARRAY['de-DE','en-US','fr-FR','es-ES','it-IT'])[1 + n % 5],
        'program:program-' || n % 8, 'program:Program ' || n % 8,
        CASE WHEN n % 20 = 1 THEN 'sta:queue-unknown' ELSE 'sta:requested' END,
        CASE WHEN n % 20 = 1 THEN 'sta:not-requested' END,
        CASE WHEN n % 50 <> 0 THEN 'scope:in' ELSE 'scope:out' END], NULL)
    FROM generate_series(${first}, ${last}) AS n
    JOIN callers ON callers.id = (n::bigint * 7919) % ${Math.ceil(recordings / 10)}
    CROSS JOIN LATERAL (SELECT lpad(n::text, 24, '0') AS long,
      timestamptz 'epoch' + (${fromMs} + (n::float8 / ${recordings}) * ${toMs - fromMs}) * interval '1 ms' AS start) x`,
  );
}

const tallyStatement = `
  INSERT INTO tallies
  SELECT d.dimension, date_trunc(d.span, start_time), d.value, state, d.cause, count(*), sum(duration_ms)
  FROM recordings CROSS JOIN LATERAL (VALUES
    ('', 'hour', '', coalesce(recordings.cause, '')), ('agent', 'day', agent, ''), ('queue', 'hour', queue, ''),
    ('language', 'hour', language, ''), ('program', 'hour', program_name, '')) AS d (dimension, span, value, cause)
  GROUP BY 1, 2, 3, 4, 5`;
