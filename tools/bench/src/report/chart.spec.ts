import type { Figure } from '../measure/figure.js';
import { ratioChart } from './chart.js';

const runs = { subject: [], baseline: [] };
const figure = (ratio: number, met: boolean): Figure => ({
  bench: 'seal',
  name: 'CPU < all',
  unit: 'ms',
  subject: ratio,
  baseline: 1,
  ratio,
  goal: { of: 'ratio', atMost: 2 },
  met,
  runs,
});

it('draws a bar as long as the share of the goal, in the colour of its verdict', () => {
  const chart = ratioChart([figure(1, true), figure(3, false), figure(9, false)]);
  expect(chart).toContain('width="70.0" height="18" fill="#2e7d32"');
  expect(chart).toContain('width="210.0" height="18" fill="#c62828"');
  expect(chart).toContain('width="280.0"');
  expect(chart).toContain('CPU &lt; all');
});

it('leaves out what has no ratio with a goal', () => {
  expect(ratioChart([{ bench: 'b', name: 'n', unit: '', subject: 1, runs }])).not.toContain('b: n');
});
