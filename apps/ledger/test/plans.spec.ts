import { sql } from 'kysely';
import { recordingAlternatives } from '../src/search/conditions.js';
import type { Filters } from '../src/search/filters.js';
import { keysQuery } from '../src/search/newest.js';
import { writeEntries } from '../src/rows/row-writer.js';
import { startLedgerDatabase, type LedgerDatabase } from './ledger-database.js';
import { numbers, segmentEntry, startMs } from './sample-entries.js';

let ledger: LedgerDatabase;
beforeAll(async () => {
  ledger = await startLedgerDatabase();
  const months = Array.from({ length: 3 }, (_, month) =>
    segmentEntry(month, month + 1, { startMs: startMs + month * 31 * 86_400_000 }),
  );
  await writeEntries(ledger.db, months, numbers);
});
afterAll(() => ledger.stop());

/** What PostgreSQL would do if reading a whole table cost it much, as it does with ten million rows. */
async function planOf(filters: Filters): Promise<string> {
  const context = { key: numbers.key, ofCall: ['02AB'], ofQ: ['02AB7QK3', 'other'] };
  const alternatives = recordingAlternatives(filters, context);
  const after = { startMs, id: 'm' };
  return ledger.db.connection().execute(async (connection) => {
    await sql`SELECT set_config('enable_seqscan', 'off', false), set_config('enable_bitmapscan', 'off', false)`.execute(
      connection,
    );
    const query = keysQuery({ table: 'recordings', alternatives, limit: 51, after });
    const { rows } = await sql<Record<string, string>>`EXPLAIN ${query}`.execute(connection);
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  });
}

it.each<[string, Filters, string]>([
  ['nothing but newest', {}, 'start_time_recording_id'],
  ['q', { q: 'agent7105' }, 'agent_start_time'],
  ['q: a number', { q: '+49 171 5550110' }, 'ani_digest_start'],
  ['number', { number: '0110' }, 'dnis_last4_start_time'],
  ['call', { call: '02AB7QK3' }, 'interaction_id_start_time'],
  ['agent', { agent: 'agent7105' }, 'agent_start_time'],
  ['dn', { dn: '7105' }, 'dn_start_time'],
  ['queue', { queue: 'VQ' }, 'queue_start_time'],
  ['state', { state: 'failed' }, 'state_start_time'],
  ['cause', { cause: 'gc-rejected' }, 'cause_start_time'],
  ['language', { language: 'de-DE' }, 'language_start_time'],
  ['program', { program: 'Tech quality' }, 'program_name_start'],
  ['sta', { sta: 'no-program' }, 'sta_start_time'],
  ['scope', { scope: 'out' }, 'in_scope_start_time'],
])(
  '%s is answered by its own index in each month, without reading a table',
  async (_name, filters, index) => {
    const plan = await planOf(filters);
    expect(plan).not.toContain('Seq Scan');
    expect(plan).toContain(index);
  },
);

it('looks into the months of a span only', async () => {
  const plan = await planOf({ agent: 'agent7105', from: startMs, to: startMs + 86_400_000 });
  expect(plan).toContain('recordings_2026_03');
  expect(plan).not.toContain('recordings_2026_04');
});
