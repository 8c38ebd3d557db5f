import { growthsOf, slopeOf } from './growth.js';
import type { Sample } from './sample.js';

const hourMs = 3_600_000;
const calls = 60 * 300;

/** A sample a minute over an hour, five calls a second. */
function samples(valueAt: (minute: number) => number, name: string): Sample[] {
  return Array.from({ length: 61 }, (_, minute) => ({
    atMs: (minute * hourMs) / 60,
    calls: minute * 300,
    values: new Map([[name, valueAt(minute)]]),
  }));
}

function isFlat(name: string, valueAt: (minute: number) => number, atRest: number) {
  const rest = { atMs: 2 * hourMs, calls, values: new Map([[name, atRest]]) };
  return growthsOf(samples(valueAt, name), rest).map((growth) => growth.isFlat);
}

it('gives the slope of a line', () => {
  expect(slopeOf([])).toBe(0);
  expect(slopeOf([1, 2, 3].map((x) => [x, 5 + 2 * x]))).toBeCloseTo(2);
});

it('takes what grows until it is warm for flat, and what goes on for a leak', () => {
  const warm = (minute: number) => 5e7 + 1e6 * Math.min(minute, 20);
  expect(isFlat('excp-1 live heap', warm, 7e7)).toEqual([true]);
  expect(isFlat('excp-1 live heap', (minute) => 5e7 + 2e5 * minute, 6e7)).toEqual([false]);
  expect(isFlat('excp-1 memory', (minute) => 1e8 + 2e6 * minute, 1e8)).toEqual([false]);
});

it('takes buffers that are kept for flat up to as many as there may be', () => {
  const kept = (minute: number) => 4e6 + 4_194_304 * Math.min(Math.floor(minute / 8), 8);
  expect(isFlat('exrp-1 buffers', kept, 4e6 + 8 * 4_194_304)).toEqual([true]);
  expect(isFlat('exrp-1 buffers', kept, 4e6 + 9 * 4_194_304)).toEqual([false]);
  expect(isFlat('excp-1 buffers', (minute) => 4e6 + 2e5 * minute, 4e6)).toEqual([false]);
});

it('goes on where a busy process was not measured', () => {
  const missing = samples((minute) => 5e7 + 2e5 * minute, 'excp-1 live heap').map(
    (sample, minute) => (minute % 2 === 0 ? sample : { ...sample, values: new Map() }),
  );
  const [growth] = growthsOf(missing, { atMs: 2 * hourMs, calls, values: new Map() });
  expect(growth?.perHour).toBeCloseTo(1.2e7);
});

it('judges handles when nothing is under way', () => {
  const underLoad = (minute: number) => 25 + minute;
  expect(isFlat('excp-1 handles', underLoad, 30)).toEqual([true]);
  expect(isFlat('excp-1 handles', underLoad, 60)).toEqual([false]);
});

it('judges Redis by what is left of a call', () => {
  expect(isFlat('Redis kept', (minute) => minute * 300 * 1_000, calls * 1_000)).toEqual([true]);
  expect(isFlat('Redis kept', (minute) => minute * 300 * 2_000, calls * 2_000)).toEqual([false]);
  expect(isFlat('Redis at work', (minute) => 1e6 + 1e6 * minute, 2e6)).toEqual([true]);
  expect(isFlat('Redis at work', () => 1e6, 8e6)).toEqual([false]);
});
