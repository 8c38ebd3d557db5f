import { rateSignal } from './rate-headers.js';

const signalOf = (allowed?: string, count?: string, reset?: string) => {
  const headers: Record<string, string> = {};
  if (allowed !== undefined) headers['inin-ratelimit-allowed'] = allowed;
  if (count !== undefined) headers['inin-ratelimit-count'] = count;
  if (reset !== undefined) headers['inin-ratelimit-reset'] = reset;
  return rateSignal({ status: 200, headers, body: '' });
};

describe('rateSignal', () => {
  it.each([
    [['300', '290', '12'], { remaining: 10, resetMs: 12_000 }],
    [['300', '300', '12'], { remaining: 0, resetMs: 12_000 }],
    [['300', '310', '0'], { remaining: 0, resetMs: 1000 }],
    [['300', '299', '86400'], { remaining: 1, resetMs: 60_000 }],
    [['300', '299'], { remaining: 1, resetMs: 60_000 }],
    [['300', '10', '12'], undefined],
    [['300'], undefined],
    [['many', '10', '12'], undefined],
    [[], undefined],
  ])('%j', (values, expected) => {
    expect(signalOf(...values)).toEqual(expected);
  });
});
