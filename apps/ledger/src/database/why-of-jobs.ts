import { sql, type Migration } from 'kysely';

/** Whoever looks at a job wants to know why it was begun. */
export const whyOfJobs: Migration = {
  up: async (db) => {
    await sql`ALTER TABLE jobs ADD COLUMN why text`.execute(db);
    await sql`CREATE INDEX jobs_newest ON jobs (started_at, id)`.execute(db);
  },
};
