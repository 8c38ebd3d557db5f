import { parseTime } from './time-text.js';

describe('parseTime', () => {
  const wholeMs = Date.UTC(2026, 2, 2, 9, 15, 4);
  it.each([
    ['2026-03-02T09:15:04Z', wholeMs],
    ['2026-03-02T09:15:04.120Z', wholeMs + 120],
    ['2026-03-02T09:15:04.12Z', wholeMs + 120],
    ['2026-03-02T09:15:04.123456789Z', wholeMs + 123],
    ['2026-03-02T09:15:04.999999999Z', wholeMs + 999],
    ['2026-03-02T09:15:04+0000', wholeMs],
    ['2026-03-02T09:15:04.000+0000', wholeMs],
    ['2026-03-02T09:15:04+00:00', wholeMs],
    ['2026-03-02T11:15:04+02:00', wholeMs],
    ['2026-03-02T03:45:04-0530', wholeMs],
    ['2026-03-02T10:15:04+01', wholeMs],
    [' 2026-03-02t09:15:04z ', wholeMs],
    ['2026-03-02 09:15:04 +0000', wholeMs],
    ['2026-03-02T10:14:04+00:59', wholeMs],
    ['2028-02-29T00:00:00Z', Date.UTC(2028, 1, 29)],
  ])('reads %s', (text, expected) => {
    expect(parseTime(text)).toBe(expected);
  });

  it('reads every millisecond exactly', () => {
    for (let ms = 0; ms < 1000; ms += 1) {
      expect(parseTime(`2026-03-02T09:15:04.${String(ms).padStart(3, '0')}Z`)).toBe(wholeMs + ms);
    }
  });

  it.each([
    '',
    '2026-03-02T09:15:04+00:99',
    '2026-03-02T09:15:04+00:60',
    '2026-03-02  09:15:04Z',
    '2026-03-02',
    '2026-03-02T09:15:04',
    '2026-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-03-02T24:00:00Z',
    '2026-03-02T09:60:00Z',
    '1900-01-01T00:00:00Z',
    '3000-01-01T00:00:00Z',
    '2026-03-02T09:15:04+15:00',
    '1772442904000',
    'yesterday',
  ])('does not read "%s"', (text) => {
    expect(parseTime(text)).toBeUndefined();
  });
});
