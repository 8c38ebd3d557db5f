import { sql, type RawBuilder } from 'kysely';
import { conversationsQuery, standingsQuery } from '../src/search/overview.js';
import { staQuery } from '../src/search/summary.js';
import { startLedgerDatabase, type LedgerDatabase } from './ledger-database.js';
import { fillWithRows } from './speed/many-rows.js';

const dayMs = 86_400_000;
const fromMs = Date.parse('2026-02-01T00:00:00Z');
const toMs = fromMs + 60 * dayMs;
let ledger: LedgerDatabase;

beforeAll(async () => {
  ledger = await startLedgerDatabase();
  await fillWithRows(ledger.db, { recordings: 30_000, fromMs, toMs }, (digits) => digits);
  await sql`VACUUM (ANALYZE)`.execute(ledger.db);
});
afterAll(() => ledger.stop());

it.each<[string, RawBuilder<unknown>, string]>([
  ['failed by cause', standingsQuery('failed'), 'state_start_time'],
  ['why not transcribed', staQuery(toMs - 7 * dayMs, toMs), 'sta_start_time'],
  ['conversations', conversationsQuery(toMs - dayMs, toMs), 'conversation_state'],
])(
  'what a console asks again and again: %s, is counted in an index alone',
  async (_what, query, index) => {
    const { rows } = await sql<Record<string, string>>`EXPLAIN ${query}`.execute(ledger.db);
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).toContain('Index Only Scan');
    expect(plan).not.toMatch(/Seq Scan|Bitmap| Index Scan/);
    expect(plan).toContain(index);
  },
);
