import { growthsOf, slopeOf } from './growth.js';
import type { Sample } from './sample.js';

const hourMs = 3_600_000;

/** A sample a minute over an hour, five calls a second. */
function samples(valueAt: (minute: number) => number, name: string): Sample[] {
  return Array.from({ length: 61 }, (_, minute) => ({
    atMs: (minute * hourMs) / 60,
    calls: minute * 300,
    values: new Map([[name, valueAt(minute)]]),
  }));
}

it('gives the slope of a line', () => {
  expect(slopeOf([])).toBe(0);
  expect(slopeOf([1, 2, 3].map((x) => [x, 5 + 2 * x]))).toBeCloseTo(2);
});

it('takes what grows until it is warm for flat, and what goes on for a leak', () => {
  const warm = growthsOf(samples((minute) => 1e8 + 1e7 * Math.min(minute, 20), 'excp-1 memory'));
  expect(warm).toMatchObject([{ isFlat: true }]);
  const leaking = growthsOf(samples((minute) => 1e8 + 1e6 * minute, 'excp-1 memory'));
  expect(leaking).toMatchObject([{ isFlat: false }]);
  expect(leaking[0]?.perHour).toBeCloseTo(60e6);
});

it('judges Redis by the call', () => {
  const perMinute = (bytes: number) => samples((minute) => minute * bytes, 'Redis memory');
  expect(growthsOf(perMinute(300 * 1_000))).toMatchObject([{ isFlat: true }]);
  expect(growthsOf(perMinute(300 * 2_000))).toMatchObject([{ isFlat: false }]);
});
