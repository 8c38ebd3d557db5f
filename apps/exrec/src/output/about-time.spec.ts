import { readWords } from './about-time.js';

// A Tuesday, 12:00 here.
const nowMs = new Date(2026, 2, 3, 12).getTime();
const at = (day: number, hours: number, minutes: number) =>
  new Date(2026, 2, day, hours, minutes).toISOString();

it.each([
  [['7105', '10:15'], ['7105'], at(3, 10, 0), at(3, 10, 30)],
  [['7105 yesterday 10:15'], ['7105'], at(2, 10, 0), at(2, 10, 30)],
  [['10:15', '7105', 'Monday'], ['7105'], at(2, 10, 0), at(2, 10, 30)],
  [['VQ_Billing', '2026-03-01'], ['VQ_Billing'], at(1, 0, 0), at(2, 0, 0)],
  [['2026-03-01T10:15'], [], at(1, 10, 0), at(1, 10, 30)],
])('%j is about a time', (words, rest, from, to) => {
  expect(readWords(words, nowMs)).toEqual({ rest, span: { from, to } });
});

it.each([['0110'], ['2d'], ['25:00'], ['02AB7QK3_2026-03-03_10-15-04.opus'], ['2026-13-45']])(
  '%s is no time, but what is looked for',
  (word) => {
    expect(readWords([word], nowMs)).toEqual({ rest: [word], span: undefined });
  },
);
