import { sql } from 'kysely';
import type { Filters } from '../src/search/filters.js';
import { amongNewestQuery, inWindowQuery } from '../src/search/by-terms.js';
import { keysQuery, type Table } from '../src/search/newest.js';
import { waysOf } from '../src/search/ways.js';
import { startLedgerDatabase, type LedgerDatabase } from './ledger-database.js';
import { numbers, startMs } from './sample-entries.js';
import { fillWithRows } from './speed/many-rows.js';

const dayMs = 86_400_000;
let ledger: LedgerDatabase;
beforeAll(async () => {
  ledger = await startLedgerDatabase();
  const toMs = Date.parse('2026-05-20T00:00:00Z');
  const span = { recordings: 6_000, fromMs: startMs, toMs };
  await fillWithRows(ledger.db, span, (digits) => `digest-of-${digits}`);
});
afterAll(() => ledger.stop());

/** What PostgreSQL would do if reading a whole table cost it much, as it does with ten million rows. */
async function plansOf(table: Table, filters: Filters): Promise<string> {
  const context = { key: numbers.key, ofCall: ['02AB'], ofQ: ['02AB7QK3', 'other'] };
  const { direct, byTerms } = waysOf(table, filters, context);
  const [after, limit] = [{ startMs: startMs + 40 * dayMs, id: 'm' }, 51];
  const byTermsOptions = {
    ...{ table, limit, after, ...(byTerms ?? { inIndex: [], ofRow: [] }) },
    ...{ fromMs: filters.from, toMs: filters.to },
  };
  const window = { from: new Date(startMs), to: new Date(startMs + 28 * dayMs) };
  const queries = [
    ...(direct.length === 0 ? [] : [keysQuery({ table, alternatives: direct, limit, after })]),
    ...(byTerms === undefined
      ? []
      : [amongNewestQuery(byTermsOptions), inWindowQuery(byTermsOptions, window)]),
  ];
  return ledger.db.connection().execute(async (connection) => {
    const isBitmapped = byTerms === undefined ? 'off' : 'on';
    await sql`SELECT set_config('enable_seqscan', 'off', false), set_config('enable_bitmapscan', ${isBitmapped}, false)`.execute(
      connection,
    );
    const plans: string[] = [];
    for (const query of queries) {
      const { rows } = await sql<Record<string, string>>`EXPLAIN ${query}`.execute(connection);
      plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'));
    }
    return plans.join('\n');
  });
}

it.each<[string, Filters, string]>([
  ['nothing but newest', {}, 'start_time_recording_id'],
  ['q', { q: 'agent7105' }, 'agent_start_time'],
  ['q: a number', { q: '+49 171 5550110' }, 'ani_digest_start'],
  ['q and another one', { q: 'agent7105', state: 'failed' }, 'media_id_start_time'],
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
  'recordings: %s is answered by its own index in each month, without reading a table',
  async (_name, filters, index) => {
    const plan = await plansOf('recordings', filters);
    expect(plan).not.toContain('Seq Scan');
    expect(plan).toContain(index);
  },
);

const single: Readonly<Record<string, Filters>> = {
  agent: { agent: 'agent7105' },
  dn: { dn: '7105' },
  queue: { queue: 'VQ' },
  number: { number: '+49 171 5550110' },
  state: { state: 'failed' },
  cause: { cause: 'gc-rejected' },
  language: { language: 'de-DE' },
  program: { program: 'Tech quality' },
  sta: { sta: 'not-requested' },
  scope: { scope: 'out' },
};
const pairs = Object.entries(single).flatMap(([first, one]) =>
  Object.entries(single).flatMap(([second, other]): [string, Filters][] =>
    first < second ? [[`${first} and ${second}`, { ...one, ...other }]] : [],
  ),
);

it.each(pairs)('recordings: %s are looked for in the index of terms', async (_name, filters) => {
  const plan = await plansOf('recordings', filters);
  expect(plan).not.toContain('Seq Scan');
  // PostgreSQL names it after what it is made of.
  expect(plan).toMatch(/Bitmap Index Scan on recordings_\d+_\d+_array_idx/);
});

it.each<[string, Filters, string]>([
  ['nothing but newest', {}, 'start_time_interaction_id'],
  ['call', { call: '02AB7QK3' }, 'pkey'],
  ['q', { q: 'agent7105' }, 'found_by_idx'],
  ...Object.entries(single).map(([name, filters]): [string, Filters, string] => [
    name,
    filters,
    'found_by_idx',
  ]),
  ...pairs.map(([name, filters]): [string, Filters, string] => [name, filters, 'found_by_idx']),
])(
  'interactions: %s is answered by an index, without reading a table',
  async (_name, filters, index) => {
    const plan = await plansOf('interactions', filters);
    expect(plan).not.toContain('Seq Scan');
    expect(plan).toContain(index);
  },
);

it('looks into the months of a span only', async () => {
  const plan = await plansOf('recordings', {
    agent: 'agent7105',
    from: startMs,
    to: startMs + dayMs,
  });
  expect(plan).toContain('recordings_2026_03');
  expect(plan).not.toContain('recordings_2026_04');
});
