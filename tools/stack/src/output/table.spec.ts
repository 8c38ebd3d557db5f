import { renderTable, wrap, type Table } from './table.js';
import { coloured } from './terminal.js';

const table: Table = {
  titleHeading: 'call',
  columns: [{ heading: 'who' }, { heading: 'ended', widthMax: 10 }],
  groups: [
    { title: 'Short', rows: [[{ text: 'Ada' }, { text: 'confirmed', style: 'green' }]] },
    {
      title: 'Of two rows',
      rows: [
        [{ text: 'Ada' }, { text: 'waiting: no-key' }],
        [{ text: 'Benjamin' }, { text: 'confirmed' }],
      ],
      notes: [{ text: 'something is wrong', style: 'red' }],
    },
  ],
};

it('aligns columns, wraps cells and puts notes below their group', () => {
  expect(renderTable(table)).toEqual([
    ' call              who       ended',
    ' ────────────────  ────────  ─────────',
    ' Short             Ada       confirmed',
    ' Of two rows       Ada       waiting:',
    '                             no-key',
    '                   Benjamin  confirmed',
    '   something is wrong',
  ]);
});

it('is never wider than 120 columns, whatever the texts are', () => {
  const long = 'word '.repeat(60).trim();
  const unbroken = 'x'.repeat(200);
  const groups = [long, unbroken].map((text) => ({
    title: text,
    rows: [[{ text }, { text }]],
    notes: [{ text }],
  }));
  const lines = renderTable({ ...table, groups });
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(120);
  expect(lines.join('').split('x')).toHaveLength(4 * 200 + 1);
});

it('keeps the alignment when it has colours', () => {
  const escapes = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g');
  const lines = renderTable(table, coloured);
  expect(lines.join('\n')).toMatch(escapes);
  expect(lines.map((line) => line.replaceAll(escapes, '').trimEnd())).toEqual(renderTable(table));
});

it.each([
  ['', 5, ['']],
  ['one two', 7, ['one two']],
  ['one two', 6, ['one', 'two']],
  ['abcdefgh', 3, ['abc', 'def', 'gh']],
])('wraps %j at %d', (text, width, lines) => {
  expect(wrap(text, width)).toEqual(lines);
});
