import { strict as assert } from 'node:assert';
import { gzipSync } from 'node:zlib';
import { caseFile } from '@exrec/testing';
import type { FuzzTarget } from '@exrec/testing/fuzz';
import { readReport } from '../../src/reports/read-report.js';
import { tellableColumns, type ReportRow } from '../../src/reports/report-row.js';

const file = (name: string) => caseFile('report-one-bad-row', name);
const [a, b] = ['11111111-2222-4333-8444-555555555555', '99999999-8888-4777-8666-555555555555'];
const rows = [
  { fileName: `${a}.zip`, uploadStatus: 'Success', dateUploaded: '2026-03-02T10:00:00Z' },
  { fileName: `${b}.zip`, uploadStatus: 'Failure', errorMessage: 'no "key"', details: [null] },
];
const csv = `fileName,uploadKey,uploadStatus,errorMessage,dateUploaded\n${a}.zip,o/${a}.zip,Success,,2026-03-02 10:00:00\n${b}.zip,o,Failure,"a ""b"", c",1772445600\n`;
const statuses = ['Success', 'Failure', 'Pending', 'WaitForConversation'];

/** Upload reports: rows that do not depend on the pieces in which the bytes come, and of which each can be told. */
export const target: FuzzTarget = {
  name: 'reports',
  corpus: [
    csv,
    JSON.stringify(rows),
    JSON.stringify({ entities: rows, total: 2 }),
    rows.map((row) => JSON.stringify(row)).join('\n'),
    `sep=;\n${csv.replaceAll(',', ';')}`,
    Buffer.from(`\uFEFF${csv}`, 'utf16le'),
    gzipSync(csv),
    file('no-header.csv'),
    file('quote-never-closed.csv'),
    file('title-line.csv'),
  ],
  words: [
    ...['fileName', 'uploadKey', 'uploadStatus', 'status', 'errorMessage', 'dateUploaded', 'sep=;'],
    ...['Success', 'Failure', 'Succeeded', 'pending', a, `${b}.zip`, ',', ';', '|', '},{', '[{'],
    ...['2026-03-02T10:00:00+01:00', '2026-02-30', '9999999999999', '{"entities":['],
  ],
  check: async (input) => {
    const whole = await read(input, Math.max(1, input.length));
    // How far one gets into a damaged gzip is up to the pieces.
    if (input[0] !== 0x1f) assert.deepEqual(await read(input, 1_021), whole);
    tellableColumns(whole.columns);
    for (const row of whole.rows) {
      assert.ok(statuses.includes(row.status), 'a status of ours');
      assert.ok(row.atMs === undefined || Number.isFinite(row.atMs));
      assert.ok(row.names.every((name) => typeof name === 'string' && name.length <= 512));
      assert.ok(row.uuids.every((id) => /^[0-9a-f-]{36}$/.test(id)));
    }
  },
};

async function read(input: Buffer, pieceBytes: number) {
  const found: ReportRow[] = [];
  // eslint-disable-next-line @typescript-eslint/require-await -- a download is asynchronous
  async function* pieces() {
    for (let at = 0; at < input.length; at += pieceBytes) yield input.subarray(at, at + pieceBytes);
  }
  const reading = await readReport(pieces(), (row) => found.push(row));
  assert.equal(reading.rows, found.length);
  return { ...reading, rows: found };
}
