import { resultTable, short } from './table.js';

it.each([
  [0, '0'],
  [0.01234, '0.012'],
  [1.234, '1.23'],
  [12.34, '12.3'],
  [123.4, '123'],
  [12_345, '12345'],
])('writes %d as %s', (value, text) => {
  expect(short(value)).toBe(text);
});

it('shows ratio, goal and verdict of a figure, and leaves out what it has not', () => {
  const runs = { subject: [], baseline: [] };
  const table = resultTable([
    {
      bench: 'a',
      name: 'x',
      unit: 'ms',
      subject: 3,
      baseline: 2,
      ratio: 1.5,
      goal: { of: 'ratio', atMost: 1.6 },
      met: true,
      runs,
    },
    {
      bench: 'b',
      name: 'y',
      unit: 'MB',
      subject: 300,
      goal: { of: 'value', atMost: 250 },
      met: false,
      runs,
    },
    { bench: 'c', name: 'z', unit: '/s', subject: 1, runs },
  ]);
  expect(table.split('\n').map((line) => line.replaceAll(/ +/g, ' '))).toEqual([
    '| bench | figure | subject | baseline | ratio | goal | |',
    expect.stringMatching(/^[| -]+$/),
    '| a | x | 3.00 ms | 2.00 ms | 1.50 × | ≤ 1.60 × | met |',
    '| b | y | 300 MB | | | ≤ 250 MB | not met |',
    '| c | z | 1.00 /s | | | | |',
  ]);
});
