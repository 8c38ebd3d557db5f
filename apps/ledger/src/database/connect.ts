import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import type { Logger } from '@exrec/service-kit';
import { PreparingClient } from './preparing-client.js';
import type { Database } from './tables.js';

export type Db = Kysely<Database>;

/** Of a question that a person waits for; writers lift it for their transaction. */
const statementTimeoutMs = 20_000;
const connectTimeoutMs = 3_000;

/** Numbers of 64 bits fit: revisions are below 2^53 until 2039. */
const int8 = 20;
const date = 1082;

/** Connects when it is first asked; an outage is an error of the question, and the next one tries again. */
export function connectDatabase(url: string, logger: Logger): Db {
  const types = {
    getTypeParser: (oid: number, format?: 'text' | 'binary') => {
      if (oid === int8) return Number;
      // A day is no moment.
      if (oid === date) return (text: string) => text;
      return pg.types.getTypeParser(oid, format) as unknown;
    },
  };
  const pool = new pg.Pool({
    connectionString: url,
    max: 10,
    connectionTimeoutMillis: connectTimeoutMs,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    application_name: 'exrec-ledger',
    Client: PreparingClient,
    types: types,
  });
  // Of a connection that nobody uses; the pool replaces it.
  pool.on('error', (error) => logger.warn('database.connection-lost', { error }));
  return new Kysely<Database>({
    dialect: new PostgresDialect({
      pool,
      onCreateConnection: async (connection) => {
        await connection.executeQuery(
          sql`SELECT set_config('timezone', 'UTC', false), set_config('statement_timeout', ${String(statementTimeoutMs)}, false)`.compile(
            noTables,
          ),
        );
      },
    }),
  });
}

const noTables = new Kysely<Database>({
  dialect: new PostgresDialect({ pool: () => Promise.reject(new Error('never connected')) }),
});

/** Whether an error says that PostgreSQL is away, not that it refuses what was asked. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (/^(08|57P|53|58)/.test(code) || /^E[A-Z]+$/.test(code)) return true;
  return /timeout|terminated|Connection|connect/i.test(error.message) && code === '';
}

/** The SQLSTATE of a refusal. */
export function sqlState(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' && /^[0-9A-Z]{5}$/.test(error.code)
    ? error.code
    : undefined;
}
