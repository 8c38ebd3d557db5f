import pg from 'pg';
import { fine, stops, warning, type Finding } from './finding.js';
import type { AllSettings } from './settings.js';

const subject = 'postgresql';
const patienceMs = 5_000;
const leastVersion = 140_000;
/** Ledger away: everything goes on, and what happened waits in Redis. */
const meanwhile = 'recordings go on arriving, and what the ledger shall know waits in Redis';

type Standing = {
  readonly version: number;
  readonly words: string;
  readonly recovering: boolean;
  readonly creating: boolean;
  readonly filled: boolean;
};

/** Whether the ledger's database can be used: version, rights, not a standby. Reads only. */
export async function checkPostgres({
  LEDGER_DATABASE_URL: connectionString,
}: AllSettings): Promise<Finding[]> {
  if (connectionString === undefined) return [];
  const client = new pg.Client({
    connectionString,
    connectionTimeoutMillis: patienceMs,
    query_timeout: patienceMs,
    application_name: 'exrec-check',
  });
  // One that ends while nobody asks it something is found by the next question.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<Standing>(
      `SELECT current_setting('server_version_num')::int AS version,
              current_setting('server_version') AS words,
              pg_is_in_recovery() AS recovering,
              has_schema_privilege(current_schema(), 'CREATE') AS creating,
              to_regclass('recordings') IS NOT NULL AS filled`,
    );
    return rows[0] === undefined ? [] : findingsOf(rows[0]);
  } catch (error) {
    const hint = `LEDGER_DATABASE_URL, pg_hba.conf, firewall; ${meanwhile}`;
    return [warning(subject, `cannot be used: ${reasonOf(error)}`, hint)];
  } finally {
    await client.end().catch(() => undefined);
  }
}

function findingsOf({ version, words, recovering, creating, filled }: Standing): Finding[] {
  if (version < leastVersion)
    return [stops(subject, `${words} is too old`, 'the ledger needs PostgreSQL 14 or later')];
  if (recovering)
    return [
      warning(subject, 'this is a standby', `LEDGER_DATABASE_URL: the primary; ${meanwhile}`),
    ];
  if (!creating)
    return [
      warning(
        subject,
        'the user may not make tables',
        'GRANT CREATE ON SCHEMA public: the ledger makes a part for each month',
      ),
    ];
  return [fine(subject, `${words}, ${filled ? 'in use' : 'still empty'}`)];
}

/** The code of an error; its message may hold the URL. */
function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === '28P01' || code === '28000') return 'user or password is refused';
  if (code === '3D000') return 'there is no such database';
  return typeof code === 'string' ? code : 'no answer';
}
