import { silentLogger } from '@exrec/service-kit';
import { startPostgres, type PostgresServer } from '@exrec/testing';
import { sql } from 'kysely';
import { connectDatabase, type Db } from '../src/database/connect.js';
import { migrate } from '../src/database/migrations.js';

export type LedgerDatabase = {
  readonly server: PostgresServer;
  readonly db: Db;
  /** Removes all rows. */
  empty(): Promise<void>;
  stop(): Promise<void>;
};

/** A PostgreSQL with the ledger's schema and no rows. */
export async function startLedgerDatabase(): Promise<LedgerDatabase> {
  const server = await startPostgres();
  const db = connectDatabase(server.url, silentLogger);
  await migrate(db);
  return {
    server,
    db,
    empty: async () => {
      await sql`TRUNCATE recordings, interactions, tallies, proof_entries, proof_days, reconciliations,
        differences, set_aside, erasures, audit, jobs`.execute(db);
    },
    stop: async () => {
      await db.destroy();
      await server.stop();
    },
  };
}
