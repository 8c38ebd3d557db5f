import { Migrator, type Migration, type MigrationProvider } from 'kysely';
import type { Db } from './connect.js';
import { agentsByDay } from './agents-by-day.js';
import { firstSchema } from './first-schema.js';
import { foundByColumn } from './found-by.js';
import { whyOfJobs } from './why-of-jobs.js';
import { lockOutWriters } from './writers-lock.js';

/** In their order of time; a migration that was released is never changed. */
export const migrations: Readonly<Record<string, Migration>> = {
  '001-first-schema': firstSchema,
  '002-why-of-jobs': whyOfJobs,
  '003-found-by': foundByColumn,
  '004-agents-by-day': agentsByDay,
};

/** The schema is of a later release than this program. */
export class NewerSchema extends Error {
  constructor() {
    super('the database is of a later release of the ledger');
    this.name = 'NewerSchema';
  }
}

/**
 * Brings the schema up to date: all of it or nothing, one ledger at a time (an advisory lock of PostgreSQL).
 * @throws NewerSchema, or what PostgreSQL says
 */
export async function migrate(db: Db, known = migrations): Promise<readonly string[]> {
  const provider: MigrationProvider = {
    getMigrations: () => Promise.resolve(withoutWriters(known)),
  };
  const migrator = new Migrator({ db, provider });
  // Before anything is locked or made: whoever is older leaves everything as it is.
  if (await isNewer(db, known)) throw new NewerSchema();
  const { error, results } = await migrator.migrateToLatest();
  if (error !== undefined) throw error instanceof Error ? error : new Error('a migration failed');
  return (results ?? []).map(({ migrationName }) => migrationName);
}

/** No ledger of the release before writes while the tables change, and no time limit of questions holds for that. */
function withoutWriters(known: typeof migrations): Record<string, Migration> {
  const alone = (migration: Migration): Migration => ({
    up: async (trx: Db) => {
      await lockOutWriters(trx);
      await migration.up(trx);
    },
  });
  return Object.fromEntries(Object.entries(known).map(([name, each]) => [name, alone(each)]));
}

async function isNewer(db: Db, known: Readonly<Record<string, Migration>>): Promise<boolean> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some(({ name }) => name === 'kysely_migration')) return false;
  return hasLaterMigration(db, known);
}

/** Whether the tables have been changed by a release that knows more. @throws when there are none yet */
export async function hasLaterMigration(db: Db, known = migrations): Promise<boolean> {
  const done = await db
    .withTables<{ kysely_migration: { name: string } }>()
    .selectFrom('kysely_migration')
    .select('name')
    .execute();
  return done.some(({ name }) => !(name in known));
}
