import type { Transaction } from 'kysely';
import type { Db } from './connect.js';
import { hasLaterMigration, NewerSchema } from './migrations.js';
import type { Database } from './tables.js';
import { lockOutWriters } from './writers-lock.js';

/**
 * Runs a transaction as the only writer, however long it takes.
 * @throws NewerSchema when a later release has changed the tables meanwhile: what this one would write may lack something
 */
export function asWriter<T>(db: Db, work: (trx: Transaction<Database>) => Promise<T>): Promise<T> {
  return db.transaction().execute(async (trx) => {
    await lockOutWriters(trx);
    if (await hasLaterMigration(trx)) throw new NewerSchema();
    return work(trx);
  });
}
