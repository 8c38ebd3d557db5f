import { caseFile, withinBounds } from '@exrec/testing';
import { readReport } from './read-report.js';
import type { ReportRow } from './report-row.js';

const good = '11111111-2222-4333-8444-555555555555';

async function rowsOf(...pieces: readonly Buffer[]) {
  const rows: ReportRow[] = [];
  async function* bytes() {
    for (const piece of pieces) {
      await new Promise(setImmediate);
      yield piece;
    }
  }
  const reading = await readReport(bytes(), (row) => rows.push(row));
  return { rows, reading };
}

it.each([
  'no-header.csv',
  'one-element-null.json',
  'quote-inside.csv',
  'quote-never-closed.csv',
  'quote-then-text.csv',
  'title-line.csv',
])('%s: the good row counts', async (name) => {
  const { rows } = await rowsOf(caseFile('report-one-bad-row', name));
  const row = rows.find(({ uuids }) => uuids.includes(good));
  expect(row?.status).toBe('Success');
});

it('not-json.json: nothing counts, and nothing fails', async () => {
  const { rows, reading } = await rowsOf(caseFile('report-one-bad-row', 'not-json.json'));
  expect(rows.length + reading.unreadRows).toBeGreaterThan(0);
});

it.each([
  ['quotes', '"'],
  ['commas', ','],
  ['brackets', '['],
  ['line breaks', '\n'],
  ['letters', 'a'],
])('five megabytes of %s keep nobody waiting', async (_, text) => {
  const piece = Buffer.alloc(65_536, text);
  const pieces = Array.from({ length: 80 }, () => piece);
  await withinBounds(() => rowsOf(Buffer.from('fileName,uploadStatus\n'), ...pieces));
});
