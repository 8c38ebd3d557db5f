import { gzipSync } from 'node:zlib';
import { withinBounds } from '@exrec/testing';
import { readReport } from './read-report.js';
import { tellableColumns, timeOf, type ReportRow } from './report-row.js';

const idA = '8f1c2a34-7b1e-4c0d-9a55-1f0e2d3c4b5a';
const idB = '9f1c2a34-7b1e-4c0d-9a55-1f0e2d3c4b5b';

// eslint-disable-next-line @typescript-eslint/require-await -- a download is asynchronous
async function* inPieces(bytes: Uint8Array, size = 7): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(text: string | Uint8Array, size?: number) {
  const rows: ReportRow[] = [];
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  const reading = await readReport(inPieces(bytes, size), (row) => rows.push(row));
  expect(reading.rows).toBe(rows.length);
  return { ...reading, rows };
}
const short = ({ uuids, status }: ReportRow) => `${uuids[0] ?? ''} ${status}`;
const both = [`${idA} Success`, `${idB} Failure`];

const csv = `fileName,uploadStatus\n${idA}.zip,Success\n${idB}.zip,Failure\n`;
const json = JSON.stringify([
  { fileName: `${idA}.zip`, status: 'Success' },
  { fileName: `${idB}.zip`, status: 'Failure' },
]);

describe('finds file and status in', () => {
  it.each<[string, string | Uint8Array]>([
    ['plain CSV', csv],
    [
      'other names and order',
      `Upload Status;Size;Object Key\nSUCCESS;1;org/x/${idA}.zip\nfailure;2;org/x/${idB}.zip`,
    ],
    [
      'BOM, quotes, CRLF',
      `\uFEFF"File Name","Status"\r\n"${idA.toUpperCase()}.zip","Success"\r\n"${idB}.zip","Failure"\r\n`,
    ],
    ['tabs', `status\tkey\nSuccess\t${idA}.zip\nFailure\t${idB}.zip`],
    ['pipes', `status|key\nSuccess|${idA}.zip\nFailure|${idB}.zip`],
    ['other words', csv.replace('Success', 'Succeeded').replace('Failure', 'FAILED')],
    ['CSV below titles', `Uploads of the week\n\nmade for, nobody\n${csv}`],
    ['CSV with its delimiter told', `sep=;\n${csv.replaceAll(',', ';')}`],
    ['CSV without a header', csv.split('\n').slice(1).join('\n')],
    [
      'a quoted field of two lines',
      `fileName,message,status\n${idA},"a\nb",Success\n${idB},,Failure`,
    ],
    ['UTF-16, little end first', Buffer.from(`\uFEFF${csv}`, 'utf16le')],
    ['UTF-16, big end first', Buffer.from(`\uFEFF${csv}`, 'utf16le').swap16()],
    ['UTF-16 without a mark', Buffer.from(csv, 'utf16le')],
    ['gzip', gzipSync(csv)],
    ['gzip of UTF-16 JSON', gzipSync(Buffer.from(`\uFEFF${json}`, 'utf16le'))],
    ['JSON list', json],
    ['JSON lines', json.slice(1, -1).replace('},{', '}\n{')],
    ['JSON, printed over many lines', JSON.stringify(JSON.parse(json), null, 2)],
    ['JSON with a BOM', `\uFEFF${json}`],
    [
      'JSON object',
      JSON.stringify({
        total: 2,
        entities: [
          { uploadKey: `o/${idA}.zip`, state: 'Success' },
          { key: `${idB}.zip`, state: 'Failure', details: [{ code: 'x' }, null, 'y'] },
        ],
      }),
    ],
    [
      'JSON with other lists beside it, deeper down',
      JSON.stringify({
        warnings: [],
        notes: [{ text: 'a' }, { text: 'b' }, { text: 'c' }],
        data: { byDay: [], uploads: JSON.parse(json) as unknown },
      }),
    ],
  ])('%s', async (_name, text) => {
    const { rows, unreadRows } = await read(text);
    expect(rows.map(short)).toEqual(both);
    expect(unreadRows).toBe(0);
  });
});

describe('one bad row keeps no other from being read', () => {
  const bad = '99999999-8888-4777-8666-555555555555';
  const header = 'fileName,uploadKey,uploadStatus,errorMessage,dateUploaded';
  const rowOf = (id: string, status: string, words: string) =>
    `${id}.zip,o/${id}.zip,${status},${words},2026-03-02T10:00:00.000Z`;
  const good = rowOf(idA, 'Success', '');

  it.each<[string, string, number]>([
    ['a quote inside', `${header}\n${rowOf(bad, 'Failure', 'Nina said "no"')}\n${good}`, 0],
    ['text behind a quote', `${header}\n${rowOf(bad, 'Failure', '"Nina" is unknown')}\n${good}`, 0],
    ['a quote never closed', `${header}\n${rowOf(bad, 'Failure', '"Nina is')}\n${good}\n`, 1],
    [
      'two quotes never closed',
      `${header}\n${rowOf(bad, 'Failure', '"Nina')}\n${rowOf(bad, 'Failure', '"Nina')}\n${good}`,
      2,
    ],
    ['no status', `${header}\n${rowOf(bad, '', '')}\n${good}`, 1],
    ['a short line', `${header}\n${bad}\n${good}`, 1],
    ['a very long line', `${header}\n${bad}${'x'.repeat(600_000)}\n${good}`, 1],
    [
      'null among objects',
      `{"entities":[{"fileName":"${idA}.zip","uploadStatus":"Success"},null]}`,
      1,
    ],
    [
      'what is no JSON in an object',
      `[{"fileName":"${bad}.zip","message":Nina},{"fileName":"${idA}.zip","status":"Success"}]`,
      1,
    ],
    [
      'a cut JSON line',
      `{"fileName":"${bad}.zip","message":"Ni\n{"fileName":"${idA}.zip","status":"Success"}\n`,
      1,
    ],
    ['cut JSON', `[{"fileName":"${idA}.zip","status":"Success"},{"fileName":"${bad}`, 1],
  ])('%s', async (_what, text, unread) => {
    for (const size of [7, 100_000]) {
      const { rows, unreadRows } = await read(text, size);
      expect(rows.filter(({ uuids }) => uuids.includes(idA)).map(short)).toEqual([
        `${idA} Success`,
      ]);
      expect(unreadRows).toBe(unread);
    }
  });

  it('cut gzip', async () => {
    const zipped = gzipSync(csv.repeat(5_000));
    const { rows } = await read(zipped.subarray(0, zipped.length - 20), 50_000);
    expect(rows.length).toBeGreaterThan(5_000);
  });
});

it('gives reason, names and time', async () => {
  const text = `fileName,uploadKey,status,message,dateUploaded\n${idA}.zip,org/${idB}/${idA}.zip,Failure,"bad ""zip"", again",2026-03-02 10:00:00\n`;
  expect((await read(text)).rows).toEqual([
    {
      status: 'Failure',
      names: [`${idA}.zip`, `org/${idB}/${idA}.zip`],
      uuids: [idA, idB],
      reason: 'bad "zip", again',
      atMs: Date.parse('2026-03-02T10:00:00Z'),
    },
  ]);
});

it.each([
  ['comma', ',', 'Decrypt failed; wrong key'],
  ['semicolon', ';', 'Decrypt failed, wrong key'],
  ['tab', '\t', 'Decrypt failed, wrong; key'],
])('splits at the delimiter of the header alone: %s', async (_name, delimiter, reason) => {
  const lines = [
    ['fileName', '"message, or; none"', 'message', 'status'],
    [`${idA}.zip`, '', reason, 'Failure'],
  ];
  const text = lines.map((fields) => fields.join(delimiter)).join('\n');
  expect((await read(text)).rows).toMatchObject([{ status: 'Failure', reason }]);
});

it.each([
  ['2026-03-02T10:00:00.000Z', '2026-03-02T10:00:00Z'],
  ['2026-03-02T10:00:00', '2026-03-02T10:00:00Z'],
  ['2026-03-02 10:00', '2026-03-02T10:00:00Z'],
  ['2026-03-02 10:00:00 UTC', '2026-03-02T10:00:00Z'],
  ['2026-03-02T10:00:00.5+0100', '2026-03-02T09:00:00.5Z'],
  ['1772445600', '2026-03-02T10:00:00Z'],
  ['1772445600000', '2026-03-02T10:00:00Z'],
  ['02/03/2026 10:00', undefined],
  ['yesterday', undefined],
])('takes %s for %s, wherever this machine is', (text, expected) => {
  expect(timeOf(text)).toBe(expected === undefined ? undefined : Date.parse(expected));
});

it('counts what it does not understand, and tells its columns without any name', async () => {
  const foreign = await read(`Datei,Zustand\n${idA}.zip,gut\n`);
  expect(foreign).toMatchObject({ rows: [], unreadRows: 1, columns: ['Datei', 'Zustand'] });
  const fields = await read('{"total":7,"parts":{"href":"x"}}');
  expect(fields).toMatchObject({ rows: [], unreadRows: 0 });
  expect(tellableColumns(['File Name', 'uploadStatus', 'Nina Invented', 'x'.repeat(100)])).toBe(
    'File Name | uploadStatus | ? | ?',
  );
  for (const text of ['', ' \n', '[]', '{}', '{"broken'])
    expect((await read(text)).rows).toEqual([]);
});

it.each([
  [
    'CSV',
    (n: number) => `${idA}.zip,${n},Success,"${'words, '.repeat(10)}"\n`,
    'fileName,n,status,message\n',
  ],
  [
    'JSON',
    (n: number) => `{"fileName":"${idA}.zip","n":${n},"status":"Success"},`,
    '{"entities":[',
  ],
  ['quotes', () => `${'"'.repeat(500)}\n`, 'fileName,status\n'],
  ['brackets', () => '[{'.repeat(250), '['],
])('reads 4 MB of %s in small turns and little memory', async (_what, piece, head) => {
  const lines = Array.from({ length: 1_000 }, (_, n) => piece(n)).join('');
  async function* bytes(): AsyncIterable<Uint8Array> {
    yield Buffer.from(head);
    for (let sent = 0; sent < 4_000_000; sent += lines.length)
      yield await Promise.resolve(Buffer.from(lines));
  }
  await withinBounds(() => readReport(bytes(), () => undefined));
});
