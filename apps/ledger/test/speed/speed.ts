import { createHmac, randomInt } from 'node:crypto';
import { sql } from 'kysely';
import { silentLogger } from '@exrec/service-kit';
import { connectDatabase, type Db } from '../../src/database/connect.js';
import { migrate } from '../../src/database/migrations.js';
import { proofOf } from '../../src/proof/proof.js';
import { Cursors } from '../../src/search/cursor.js';
import type { Filters } from '../../src/search/filters.js';
import { Search } from '../../src/search/search.js';
import { overviewOf } from '../../src/search/overview.js';
import { staItems, summaryKinds, tallies } from '../../src/search/summary.js';
import { costSoFar } from './cost.js';
import { callerOf, callOf, fillWithRows, mediaOf, recordingOf } from './many-rows.js';

/*
 * How fast the ledger finds things among many: `LEDGER_DATABASE_URL=… npm run speed -w @exrec/ledger -- 10000000`, in a
 * database that is empty, or that an earlier run has filled, which is not filled again. Prints a line for each search:
 * how long it took, its CPU time in PostgreSQL and the pages that it looked at there. Further arguments: only searches
 * whose name has these words (`''` for all), and how often each is made.
 */

const numberKey = 'a key of sixteen letters or more';
const digestOf = (digits: string) =>
  createHmac('sha256', numberKey).update(digits).digest('base64url');
const toMs = Date.parse('2026-03-01T00:00:00Z');
const times = Number(process.argv[4] ?? 20);
const warmUps = 5;

const recordings = Number(process.argv[2] ?? 10_000_000);
const dayMs = 24 * 3_600_000;
/** As dense as ten million in a year. */
const fromMs = toMs - Math.ceil((recordings / 10_000_000) * 365 * dayMs);
/** Only searches of this name. */
const only = process.argv[3] ?? '';
const db = connectDatabase(process.env.LEDGER_DATABASE_URL ?? '', silentLogger);
await migrate(db);
await fillUnlessFull(db);
const search = new Search({ db, numberKey, cursors: new Cursors(numberKey) });

const any = (below = recordings) => randomInt(below);
const agent = () => `agent${10_000 + randomInt(2_000)}`;
const month = () => {
  const from = fromMs + randomInt(Math.max(1, Math.floor((toMs - fromMs) / dayMs) - 30)) * dayMs;
  return { from, to: from + 30 * dayMs };
};
const searches: Readonly<Record<string, () => Filters>> = {
  'nothing but newest': () => ({}),
  'q: recordingId': () => ({ q: recordingOf(any()) }),
  'q: file name': () => ({ q: mediaOf(any()) }),
  'q: call': () => ({ q: callOf(any()) }),
  'q: agent': () => ({ q: agent() }),
  'q: queue': () => ({ q: `VQ_${randomInt(40)}` }),
  'q: whole number': () => ({ q: `+${callerOf(randomInt(Math.ceil(recordings / 10)))}` }),
  'q: nothing there': () => ({ q: 'nobody-knows-this' }),
  'number: whole': () => ({ number: callerOf(randomInt(Math.ceil(recordings / 10))) }),
  'number: last four digits': () => ({ number: String(randomInt(10_000)).padStart(4, '0') }),
  call: () => ({ call: `consult-${any()}` }),
  agent: () => ({ agent: agent() }),
  'agent in a month': () => ({ agent: agent(), ...month() }),
  dn: () => ({ dn: String(10_000 + randomInt(2_000)) }),
  queue: () => ({ queue: `VQ_${randomInt(40)}` }),
  'queue that nobody has': () => ({ queue: 'VQ_of_nobody' }),
  'state failed': () => ({ state: 'failed' }),
  'state failed, queue, month': () => ({
    state: 'failed',
    queue: `VQ_${randomInt(40)}`,
    ...month(),
  }),
  cause: () => ({ cause: 'audio-missing' }),
  'cause and agent': () => ({ cause: 'audio-missing', agent: agent() }),
  language: () => ({ language: 'fr-FR' }),
  program: () => ({ program: 'Program 3' }),
  'sta reason': () => ({ sta: 'queue-unknown' }),
  'sta not requested': () => ({ sta: 'not-requested' }),
  'scope out': () => ({ scope: 'out' }),
};

/** Every pair of them: many of these have nothing in common, as a program and the queue of another one. */
const singles: Readonly<Record<string, () => Filters>> = {
  agent: () => ({ agent: agent() }),
  dn: () => ({ dn: String(10_000 + randomInt(2_000)) }),
  queue: () => ({ queue: `VQ_${randomInt(40)}` }),
  hotline: () => ({ number: String(randomInt(20)).padStart(4, '0') }),
  state: () => ({ state: any(3) === 0 ? 'failed' : any(2) === 0 ? 'uploaded' : 'confirmed' }),
  cause: () => ({ cause: ['gc-rejected', 'audio-missing', 'audio-invalid'][any(3)] ?? '' }),
  language: () => ({ language: ['de-DE', 'en-US', 'fr-FR', 'es-ES', 'it-IT'][any(5)] ?? '' }),
  program: () => ({ program: `Program ${any(8)}` }),
  sta: () => ({ sta: ['requested', 'not-requested', 'queue-unknown'][any(3)] ?? '' }),
  scope: () => ({ scope: any(2) === 0 ? 'in' : 'out' }),
};

await sql`CREATE EXTENSION IF NOT EXISTS pg_stat_statements`.execute(db).catch(() => undefined);
say(
  `${recordings} recordings and as many interactions; of ${times}: p50, p95, slowest; mean CPU time; ms; pages`,
);
for (const table of ['recordings', 'interactions'] as const) {
  for (const [name, filters] of Object.entries(searches))
    await measure(`${table}, ${name}`, () =>
      search.page(table, { filters: filters(), limit: 50, cursor: undefined }),
    );
  for (const [first, one] of Object.entries(singles)) {
    for (const [second, other] of Object.entries(singles)) {
      if (first >= second) continue;
      await measure(`${table}, pair ${first} and ${second}`, () =>
        search.page(table, { filters: { ...one(), ...other() }, limit: 50, cursor: undefined }),
      );
    }
  }
}
for (const by of summaryKinds)
  await measure(`summary of a month by ${by}`, () => {
    const { from, to } = month();
    return tallies(db, { fromMs: from + 1_234_567, toMs: to + 1_234_567 }, by);
  });
const week = () => {
  const { to } = month();
  return { fromMs: to - 7 * 24 * 3_600_000, toMs: to };
};
await measure('overview of a day', () => {
  const { toMs: end } = week();
  return overviewOf(db, { fromMs: end - 24 * 3_600_000, toMs: end }, Date.now());
});
await measure('why not transcribed, of a week', () => staItems(db, week()));
await measure('proof of a year', () => proofOf(db, { fromMs, toMs }, Date.now()));
await db.destroy();

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function measure(name: string, work: () => Promise<unknown>): Promise<void> {
  if (!name.includes(only)) return;
  const took: number[] = [];
  for (let turn = 0; turn < warmUps; turn += 1) await work();
  const before = await costSoFar(db);
  for (let turn = 0; turn < times; turn += 1) {
    const startedAt = performance.now();
    await work();
    took.push(performance.now() - startedAt);
  }
  const after = await costSoFar(db);
  const mean = (name: 'cpuMs' | 'pages', digits: number) => {
    const { [name]: from } = before;
    const { [name]: to } = after;
    const known = from !== undefined && to !== undefined;
    return (known ? ((to - from) / times).toFixed(digits) : '-').padStart(8);
  };
  took.sort((left, right) => left - right);
  const at = (share: number) =>
    (took[Math.ceil(took.length * share) - 1] ?? 0).toFixed(1).padStart(8);
  say(`${name.padEnd(45)} ${at(0.5)} ${at(0.95)} ${at(1)} ${mean('cpuMs', 1)} ${mean('pages', 0)}`);
}

async function fillUnlessFull(into: Db): Promise<void> {
  const first = await into.selectFrom('recordings').select('recording_id').limit(1).execute();
  if (first.length > 0) return;
  const startedAt = performance.now();
  await fillWithRows(into, { recordings, fromMs, toMs }, digestOf);
  say(`filled in ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
}
