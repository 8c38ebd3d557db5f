import { sql, type Migration } from 'kysely';

/** Recordings of an agent are counted by day instead of by hour: so many counts were nearly as many as recordings. */
export const agentsByDay: Migration = {
  up: async (db) => {
    await sql`CREATE TABLE tallies_by_day AS
      SELECT dimension, date_trunc('day', hour, 'UTC') AS hour, value, state, cause,
        sum(recordings)::bigint AS recordings, sum(duration_ms)::bigint AS duration_ms
      FROM tallies WHERE dimension = 'agent' GROUP BY 1, 2, 3, 4, 5`.execute(db);
    await sql`DELETE FROM tallies WHERE dimension = 'agent'`.execute(db);
    await sql`INSERT INTO tallies (dimension, hour, value, state, cause, recordings, duration_ms)
      SELECT dimension, hour, value, state, cause, recordings, duration_ms FROM tallies_by_day`.execute(
      db,
    );
    await sql`DROP TABLE tallies_by_day`.execute(db);
  },
};
