import { retryAfterMs } from './retry-after.js';

const date = 'Mon, 02 Mar 2026 09:15:00 GMT';

describe('retryAfterMs', () => {
  it.each([
    ['17', 17_000],
    ['1.5', 1500],
    ['0', 1000],
    ['999999', 900_000],
    ['Mon, 02 Mar 2026 09:15:30 GMT', 30_000],
    ['Mon, 02 Mar 2026 09:14:00 GMT', 1000],
    ['soon', undefined],
    ['-5', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('reads %s as %s ms', (value, expected) => {
    const headers = value === undefined ? { date } : { date, 'retry-after': value };
    expect(retryAfterMs({ headers })).toBe(expected);
  });
});
