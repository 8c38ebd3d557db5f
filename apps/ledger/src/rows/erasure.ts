import { sql } from 'kysely';
import { asWriter } from '../database/as-writer.js';
import type { Db } from '../database/connect.js';
import type { RecordingRow } from '../database/tables.js';
import { foundBy } from './found-by.js';
import { interactionWithoutPersonalData } from './merge-interaction.js';
import { withoutPersonalData } from './merge-recording.js';
import { addTallies, interactionsById, replaceRows } from './row-writer.js';
import { TallyChanges } from './tallies.js';

export type Erasure = { readonly interactionId: string; readonly recordings: number };

/**
 * Removes the personal data of an interaction and of its recordings, and of what is still told of them later. Ids,
 * states and digests stay: the proof holds as before.
 * @returns undefined when the ledger knows no such interaction
 */
export function eraseInteraction(
  db: Db,
  interactionId: string,
  { who, role, why }: { readonly who: string; readonly role: string; readonly why: string },
): Promise<Erasure | undefined> {
  return asWriter(db, async (trx) => {
    const erasedAt = new Date().toISOString();
    const interactions = await interactionsById(trx, [interactionId]);
    const { rows } = await sql<{ row: RecordingRow }>`
      SELECT to_jsonb(r) AS row FROM recordings r WHERE interaction_id = ${interactionId}`.execute(
      trx,
    );
    if (interactions.size === 0 && rows.length === 0) return undefined;
    const changes = new TallyChanges();
    const recordings = new Map<string, RecordingRow>();
    for (const { row } of rows) {
      const erased = withoutPersonalData(row, erasedAt);
      changes.replace(row, erased);
      recordings.set(row.recording_id, erased);
    }
    const emptied = [...interactions].map(([id, row]) => {
      const erased = interactionWithoutPersonalData(row, erasedAt);
      return [id, { ...erased, found_by: foundBy(erased, [...recordings.values()]) }] as const;
    });
    await replaceRows(trx, 'recordings', recordings);
    await replaceRows(trx, 'interactions', new Map(emptied));
    await addTallies(trx, changes.result());
    await trx
      .insertInto('erasures')
      .values({ interaction_id: interactionId, at: new Date(erasedAt) })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    await trx
      .insertInto('audit')
      .values({ who, role, what: 'erase', subject: interactionId, why })
      .execute();
    return { interactionId, recordings: recordings.size };
  });
}
