import { durationWords, fromNow, readTime, timeWords } from './times.js';

const now = new Date(2026, 2, 3, 12, 0, 0).getTime();
const at = (...parts: [number, number, number, number, number, number]) =>
  new Date(...parts).toISOString();

it.each([
  ['today', at(2026, 2, 3, 10, 15, 4), '10:15:04'],
  ['this year', at(2026, 0, 9, 10, 15, 4), '9 Jan 10:15'],
  ['another year', at(2025, 11, 31, 10, 15, 4), '31 Dec 2025'],
  ['never', null, '–'],
])('tells a time of %s', (_when, iso, words) => {
  expect(timeWords(iso, now)).toBe(words);
});

it('tells durations and distances', () => {
  expect([207_120, 3_789_000, null].map(durationWords)).toEqual(['3:27', '1:03:09', '–']);
  const distances = [40_000, -180_000, 7_200_000, -5 * 86_400_000];
  expect(distances.map((ms) => fromNow(new Date(now + ms).toISOString(), now))).toEqual([
    'in 40 s',
    '3 min ago',
    'in 2 h',
    '5 days ago',
  ]);
});

it.each([
  ['90m', now - 90 * 60_000],
  ['2d', now - 2 * 86_400_000],
  ['today', new Date(2026, 2, 3).getTime()],
  ['yesterday', new Date(2026, 2, 2).getTime()],
  ['monday', new Date(2026, 2, 2).getTime()],
  ['Tuesday', new Date(2026, 2, 3).getTime()],
  ['wednesday', new Date(2026, 1, 25).getTime()],
  ['10:15', new Date(2026, 2, 3, 10, 15).getTime()],
  ['24:15', undefined],
  ['2026-03-02', new Date(2026, 2, 2).getTime()],
  ['2026-03-02T10:15:00Z', Date.UTC(2026, 2, 2, 10, 15)],
  ['2026-03-02T10:15:00+0100', Date.UTC(2026, 2, 2, 9, 15)],
  ['soon', undefined],
  ['2026-13-02', undefined],
  ['', undefined],
])('reads %s', (text, ms) => {
  expect(readTime(text, now)).toBe(ms);
});
