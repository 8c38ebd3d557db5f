import { sql } from 'kysely';
import type { Db } from './connect.js';

/** Whoever writes rows, seals days or changes the tables holds this one: ledgers take turns, so none overwrites what another has just written. */
const writersLock = 7_365_001;

/** For the rest of the transaction: its only writer, however long it takes. What was committed survives a crash, whatever the server's setting. */
export async function lockOutWriters(trx: Db): Promise<void> {
  await sql`SELECT set_config('statement_timeout', '0', true), set_config('synchronous_commit', 'on', true), pg_advisory_xact_lock(${writersLock})`.execute(
    trx,
  );
}
