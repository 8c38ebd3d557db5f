import { sql, type Transaction } from 'kysely';
import type { Database } from '../database/tables.js';
import type { Entry } from './entry.js';

/** The differences of the latest reconciliation take the place of those of the one before. */
export async function keepReconciliation(
  trx: Transaction<Database>,
  { rev, data }: Extract<Entry, { readonly kind: 'reconciliation' }>,
): Promise<void> {
  const newest = await trx
    .selectFrom('reconciliations')
    .select(({ fn }) => fn.max('rev').as('rev'))
    .executeTakeFirst();
  if ((newest?.rev ?? 0) >= rev) return;
  await trx.deleteFrom('differences').execute();
  const rows = data.differences.map((found) => ({
    kind: found.kind,
    id: found.id,
    recording_id: found.recordingId,
    media_id: found.mediaId,
    call_uuid: found.callUUID,
    cause: found.cause,
    since: found.sinceMs === undefined ? undefined : new Date(found.sinceMs).toISOString(),
  }));
  await sql`INSERT INTO differences
    SELECT * FROM jsonb_populate_recordset(NULL::differences, ${JSON.stringify(rows)}::jsonb)
    ON CONFLICT DO NOTHING`.execute(trx);
  await trx
    .insertInto('reconciliations')
    .values({
      rev,
      started_at: new Date(data.startedAtMs),
      finished_at: new Date(data.finishedAtMs),
      sentence: data.sentence,
    })
    .execute();
}
