import { sql, type Migration } from 'kysely';
import { recordingTerms } from './recording-terms.js';

/** The terms of `rows/found-by.ts`, of an interaction `i` that is there already. */
export const foundByOfRow = `ARRAY(
  SELECT DISTINCT term FROM (
    SELECT 'agent:' || unnest(i.agents) AS term
    UNION ALL SELECT 'dn:' || unnest(i.dns)
    UNION ALL SELECT 'queue:' || unnest(i.queues)
    UNION ALL SELECT 'conversation:' || i.conversation_id
    UNION ALL SELECT 'number:' || unnest(ARRAY[i.ani_digest, i.dnis_digest])
    UNION ALL SELECT 'last4:' || unnest(ARRAY[i.ani_last4, i.dnis_last4])
    UNION ALL SELECT unnest(${recordingTerms}) FROM recordings r WHERE r.interaction_id = i.interaction_id
  ) found WHERE term IS NOT NULL ORDER BY term)`;

/** Of lists and of columns that an interaction has no longer to be found by one at a time. */
const replaced = [
  'agents',
  'dns',
  'queues',
  'conversation_id',
  'ani_digest',
  'dnis_digest',
  'ani_last4',
  'dnis_last4',
  'state',
];

/** Several things that a recording has are looked for together by this one; one alone is found in order by its own. */
export const recordingTermsIndex = `CREATE INDEX recordings_terms ON recordings USING gin (${recordingTerms}) WITH (fastupdate = off)`;

/**
 * An interaction is found by what it has and by what its recordings have, in any combination: one index of all of that,
 * in which PostgreSQL intersects what is looked for. `fastupdate` would have each search read what came last one by one.
 */
export const foundByIndex = `CREATE INDEX interactions_found_by ON interactions USING gin (found_by) WITH (fastupdate = off)`;

export const foundByColumn: Migration = {
  up: async (db) => {
    for (const name of replaced) await sql.raw(`DROP INDEX interactions_${name}`).execute(db);
    const statements = [
      `ALTER TABLE interactions ADD COLUMN found_by text[] COLLATE "C" NOT NULL DEFAULT '{}'`,
      `UPDATE interactions i SET found_by = ${foundByOfRow}`,
      foundByIndex,
      recordingTermsIndex,
      `DROP INDEX recordings_state`,
      // The overview counts what waits and what failed by its cause in this index alone.
      `CREATE INDEX recordings_state ON recordings (state, start_time, recording_id) INCLUDE (cause)`,
    ];
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
