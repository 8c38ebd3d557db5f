import { readReport } from './read-report.js';

const idA = '8f1c2a34-7b1e-4c0d-9a55-1f0e2d3c4b5a';
const idB = '9f1c2a34-7b1e-4c0d-9a55-1f0e2d3c4b5b';

describe('readReport', () => {
  it.each([
    ['plain CSV', `fileName,uploadStatus\n${idA}.zip,Success\n${idB}.zip,Failure\n`],
    [
      'other names and order',
      `Upload Status;Size;Object Key\nSUCCESS;1;org/x/${idA}.zip\nfailure;2;org/x/${idB}.zip`,
    ],
    [
      'BOM, quotes, CRLF',
      `\uFEFF"File Name","Status"\r\n"${idA.toUpperCase()}.zip","Success"\r\n"${idB}.zip","Failure"\r\n`,
    ],
    ['tabs', `status\tkey\nSuccess\t${idA}.zip\nFailure\t${idB}.zip`],
    [
      'JSON list',
      JSON.stringify([
        { fileName: `${idA}.zip`, status: 'Success' },
        { fileName: `${idB}.zip`, status: 'Failure' },
      ]),
    ],
    [
      'JSON object',
      JSON.stringify({
        total: 2,
        entities: [
          { uploadKey: `o/${idA}.zip`, state: 'Success' },
          { key: `${idB}.zip`, state: 'Failure' },
        ],
      }),
    ],
    [
      'JSON with other lists beside it, deeper down',
      JSON.stringify({
        warnings: [],
        notes: [{ text: 'a' }, { text: 'b' }, { text: 'c' }],
        data: {
          byDay: [],
          uploads: [
            { fileName: `${idA}.zip`, status: 'Success' },
            { fileName: `${idB}.zip`, status: 'Failure' },
          ],
        },
      }),
    ],
  ])('finds file and status in %s', (_name, text) => {
    const { rows, unreadRows } = readReport(text);
    expect(rows.map(({ recordingId, status }) => [recordingId, status])).toEqual([
      [idA, 'Success'],
      [idB, 'Failure'],
    ]);
    expect(unreadRows).toBe(0);
  });

  it('keeps the reason of a failure, with commas and quotes in it', () => {
    const text = `File Name,Upload Status,Error Message\n${idA}.zip,Failure,"bad ""zip"", again"`;
    expect(readReport(text).rows[0]).toEqual({
      recordingId: idA,
      status: 'Failure',
      reason: 'bad "zip", again',
    });
  });

  it.each([
    ['comma', ',', 'Decrypt failed; wrong key'],
    ['semicolon', ';', 'Decrypt failed, wrong key'],
    ['tab', '\t', 'Decrypt failed, wrong; key'],
  ])('splits at the delimiter of the header alone: %s', (_name, delimiter, reason) => {
    const lines = [
      ['fileName', '"message, or; none"', 'message', 'status'],
      [`${idA}.zip`, '', reason, 'Failure'],
    ];
    const text = lines.map((fields) => fields.join(delimiter)).join('\n');
    expect(readReport(text).rows).toEqual([{ recordingId: idA, status: 'Failure', reason }]);
  });

  it('names the fields of JSON in which no row is found', () => {
    const nothing = { rows: [], unreadRows: 0 };
    expect(readReport('{"total":7,"parts":{"href":"x"}}')).toEqual({
      ...nothing,
      columns: ['total', 'parts'],
    });
    expect(readReport('[]')).toEqual({ ...nothing, columns: [] });
  });

  it('counts what it cannot read, and names the columns', () => {
    const text = `Datei,Zustand\n${idA}.zip,gut\n`;
    expect(readReport(text)).toEqual({ rows: [], unreadRows: 1, columns: ['Datei', 'Zustand'] });
  });

  it('reads an empty report', () => {
    expect(readReport('').rows).toEqual([]);
    expect(readReport('[]').rows).toEqual([]);
  });

  it('refuses what is neither CSV nor JSON', () => {
    expect(() => readReport('{"broken')).toThrow();
  });
});
