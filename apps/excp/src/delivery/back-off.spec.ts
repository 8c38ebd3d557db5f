import { backOffMs } from './back-off.js';

it.each([
  [1, undefined, 0, 1_000],
  [1, undefined, 1, 1_250],
  [3, undefined, 0, 4_000],
  [50, undefined, 0, 240_000],
  [50, undefined, 1, 300_000],
  [1, 120_000, 0, 120_000],
  [50, 900_000, 0, 900_000],
])(
  'waits, after %i attempts with Retry-After %p and jitter %i, for %i ms',
  (attempts, retryAfterMs, jitter, expected) => {
    expect(backOffMs({ attempts, retryAfterMs, jitter })).toBe(expected);
  },
);
