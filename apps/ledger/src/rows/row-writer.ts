import { sql, type Transaction } from 'kysely';
import { asWriter } from '../database/as-writer.js';
import type { Db } from '../database/connect.js';
import { ensurePartitions, monthOf } from '../database/partitions.js';
import type { Database, InteractionRow, RecordingRow } from '../database/tables.js';
import type { Entry } from './entry.js';
import { flowOf, type Flow } from './flow.js';
import { foundBy } from './found-by.js';
import { interactionWithoutPersonalData, mergeInteraction } from './merge-interaction.js';
import { mergeRecording, withoutPersonalData } from './merge-recording.js';
import type { NumberRule } from './phone-numbers.js';
import { latestProofChanges, proofChange, type ProofChange } from './proof-tuple.js';
import { keepReconciliation } from './reconciliation-rows.js';
import { TallyChanges, type TallyChange } from './tallies.js';

type Trx = Transaction<Database>;

/** What a batch did: rows that were written, and entries that said nothing new. */
export type BatchResult = { readonly rows: number; readonly stale: number; readonly flow: Flow };

/**
 * Brings the entries into the rows: all of them or none.
 * @throws NewerSchema, or what PostgreSQL says
 */
export function writeEntries(
  db: Db,
  entries: readonly Entry[],
  rule: NumberRule,
): Promise<BatchResult> {
  return asWriter(db, (trx) => writeAsWriter(trx, entries, rule));
}

/** As {@link writeEntries}, in a transaction of {@link asWriter}. */
export async function writeAsWriter(
  trx: Trx,
  entries: readonly Entry[],
  rule: NumberRule,
): Promise<BatchResult> {
  const before = await loadRows(trx, entries);
  const merged = mergeAll(before, entries, rule);
  await replaceRows(trx, 'recordings', merged.recordings);
  await replaceRows(trx, 'interactions', await findable(trx, before, merged));
  await addTallies(trx, talliesOf(before, merged));
  await keepProof(trx, latestProofChanges(entries.flatMap((entry) => proofChange(entry) ?? [])));
  for (const entry of entries)
    if (entry.kind === 'reconciliation') await keepReconciliation(trx, entry);
  return {
    rows: merged.recordings.size + merged.interactions.size,
    stale: merged.stale,
    flow: flowOf(before.recordings, merged.recordings),
  };
}

type Rows = {
  readonly recordings: ReadonlyMap<string, RecordingRow>;
  readonly interactions: ReadonlyMap<string, InteractionRow>;
  /** When each interaction was erased, by its id. */
  readonly erasedAt: ReadonlyMap<string, string>;
};

async function loadRows(trx: Trx, entries: readonly Entry[]): Promise<Rows> {
  const idsOf = (...kinds: readonly Entry['kind'][]) => [
    ...new Set(entries.filter(({ kind }) => kinds.includes(kind)).map(({ id }) => id)),
  ];
  const recordings = await recordingsById(trx, idsOf('segment', 'injection'));
  const interactions = await interactionsById(trx, idsOf('interaction'));
  const touched = new Set([...interactions.keys(), ...idsOf('interaction')]);
  for (const { interaction_id: id } of recordings.values()) if (id !== null) touched.add(id);
  for (const entry of entries) if (entry.kind === 'segment') touched.add(entry.data.interactionId);
  const erasures = await trx
    .selectFrom('erasures')
    .selectAll()
    .where('interaction_id', '=', sql<string>`ANY(${[...touched]}::text[])`)
    .execute();
  const erasedAt = new Map(
    erasures.map(({ interaction_id, at }) => [interaction_id, at.toISOString()]),
  );
  return { recordings, interactions, erasedAt };
}

export async function recordingsById(
  trx: Trx,
  ids: readonly string[],
): Promise<Map<string, RecordingRow>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{ row: RecordingRow }>`
    SELECT to_jsonb(r) AS row FROM recordings r WHERE recording_id = ANY(${[...ids]}::text[])`.execute(
    trx,
  );
  return new Map(rows.map(({ row }) => [row.recording_id, row]));
}

export async function interactionsById(
  trx: Trx,
  ids: readonly string[],
): Promise<Map<string, InteractionRow>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{ row: InteractionRow }>`
    SELECT to_jsonb(r) AS row FROM interactions r WHERE interaction_id = ANY(${[...ids]}::text[])`.execute(
    trx,
  );
  return new Map(rows.map(({ row }) => [row.interaction_id, row]));
}

type Merged = Pick<Rows, 'recordings' | 'interactions'> & { readonly stale: number };

/** Only rows that have changed. */
function mergeAll(before: Rows, entries: readonly Entry[], rule: NumberRule): Merged {
  const recordings = new Map<string, RecordingRow>();
  const interactions = new Map<string, InteractionRow>();
  let stale = 0;
  for (const entry of entries) {
    if (entry.kind === 'segment' || entry.kind === 'injection') {
      const known = recordings.get(entry.id) ?? before.recordings.get(entry.id);
      const row = mergeRecording(known, entry, rule);
      const erasedAt = before.erasedAt.get(row.interaction_id ?? '');
      if (row === known) stale += 1;
      else
        recordings.set(entry.id, erasedAt === undefined ? row : withoutPersonalData(row, erasedAt));
    } else if (entry.kind === 'interaction') {
      const known = interactions.get(entry.id) ?? before.interactions.get(entry.id);
      const row = mergeInteraction(known, entry, rule);
      const erasedAt = before.erasedAt.get(entry.id);
      if (row === known) stale += 1;
      else
        interactions.set(
          entry.id,
          erasedAt === undefined ? row : interactionWithoutPersonalData(row, erasedAt),
        );
    }
  }
  return { recordings, interactions, stale };
}

/** The interactions that have changed, or are found by something else since one of their recordings has changed. */
async function findable(
  trx: Trx,
  before: Rows,
  merged: Merged,
): Promise<ReadonlyMap<string, InteractionRow>> {
  const ids = new Set(merged.interactions.keys());
  for (const [id, { interaction_id: after }] of merged.recordings) {
    const former = before.recordings.get(id)?.interaction_id ?? null;
    for (const interaction of [former, after]) if (interaction !== null) ids.add(interaction);
  }
  const known = await interactionsById(trx, [...ids]);
  const recordings = await recordingsOf(trx, [...ids]);
  const changed = new Map<string, InteractionRow>();
  for (const id of ids) {
    const row = merged.interactions.get(id) ?? known.get(id);
    if (row === undefined) continue;
    const found_by = foundBy(row, recordings.get(id) ?? []);
    if (merged.interactions.has(id) || found_by.join() !== row.found_by.join())
      changed.set(id, { ...row, found_by });
  }
  return changed;
}

async function recordingsOf(
  trx: Trx,
  interactionIds: readonly string[],
): Promise<ReadonlyMap<string, RecordingRow[]>> {
  if (interactionIds.length === 0) return new Map();
  const { rows } = await sql<{ row: RecordingRow }>`
    SELECT to_jsonb(r) AS row FROM recordings r
    WHERE interaction_id = ANY(${[...interactionIds]}::text[])`.execute(trx);
  const found = new Map<string, RecordingRow[]>();
  for (const { row } of rows) {
    const id = row.interaction_id ?? '';
    found.set(id, [...(found.get(id) ?? []), row]);
  }
  return found;
}

function talliesOf(before: Rows, { recordings }: Merged): readonly TallyChange[] {
  const changes = new TallyChanges();
  for (const [id, row] of recordings) changes.replace(before.recordings.get(id), row);
  return changes.result();
}

/** Writes whole rows in the place of those with their ids, whichever month these are in. */
export async function replaceRows(
  trx: Trx,
  table: 'recordings' | 'interactions',
  rows: ReadonlyMap<string, RecordingRow | InteractionRow>,
): Promise<void> {
  if (rows.size === 0) return;
  const values = [...rows.values()];
  await ensurePartitions(trx, table, new Set(values.map(({ start_time }) => monthOf(start_time))));
  const id = table === 'recordings' ? 'recording_id' : 'interaction_id';
  await sql`DELETE FROM ${sql.table(table)} WHERE ${sql.ref(id)} = ANY(${[...rows.keys()]}::text[])`.execute(
    trx,
  );
  await sql`INSERT INTO ${sql.table(table)}
    SELECT * FROM jsonb_populate_recordset(NULL::${sql.table(table)}, ${JSON.stringify(values)}::jsonb)`.execute(
    trx,
  );
}

export async function addTallies(trx: Trx, changes: readonly TallyChange[]): Promise<void> {
  if (changes.length === 0) return;
  const rows = changes.map(({ fromMs, ...rest }) => ({
    ...rest,
    hour: new Date(fromMs).toISOString(),
  }));
  await sql`INSERT INTO tallies (dimension, hour, value, state, cause, recordings, duration_ms)
    SELECT dimension, hour, value, state, cause, recordings, duration_ms
    FROM jsonb_populate_recordset(NULL::tallies, ${JSON.stringify(rows)}::jsonb)
    ON CONFLICT (dimension, hour, value, state, cause) DO UPDATE SET
      recordings = tallies.recordings + excluded.recordings,
      duration_ms = tallies.duration_ms + excluded.duration_ms`.execute(trx);
}

/** A change that comes when its day is sealed is an entry of the first day that is not. */
async function keepProof(trx: Trx, changes: readonly ProofChange[]): Promise<void> {
  if (changes.length === 0) return;
  const sealed = await trx
    .selectFrom('proof_days')
    .select(({ fn }) => fn.max('day').as('day'))
    .executeTakeFirst();
  const firstOpen = sealed?.day ? dayAfter(sealed.day) : '';
  const late = changes.map((change) =>
    change.day < firstOpen ? { ...change, day: firstOpen } : change,
  );
  const rows = latestProofChanges(late);
  await ensurePartitions(trx, 'proof_entries', new Set(rows.map(({ day }) => monthOf(day))));
  await sql`INSERT INTO proof_entries AS known
    SELECT * FROM jsonb_populate_recordset(NULL::proof_entries, ${JSON.stringify(rows)}::jsonb)
    ON CONFLICT (day, recording_id) DO UPDATE SET
      audio_sha256 = excluded.audio_sha256, zip_sha256 = excluded.zip_sha256,
      key_fingerprint = excluded.key_fingerprint, upload_key = excluded.upload_key,
      state = excluded.state, confirmed_at = excluded.confirmed_at, rev = excluded.rev
    WHERE excluded.rev > known.rev`.execute(trx);
}

export function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 24 * 3_600_000).toISOString().slice(0, 10);
}
