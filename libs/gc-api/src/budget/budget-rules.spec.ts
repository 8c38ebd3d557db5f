import { bucketSize } from './budget-rules.js';

describe('bucketSize', () => {
  it.each([0.25, 1, 5, 60, 270, 300, 100_000])(
    'stays within %s requests in any minute',
    (perMinute) => {
      const { capacity, perMs } = bucketSize(perMinute);
      // A burst of `capacity` at the start, and what grows until just before the minute is over.
      expect(capacity - 1 + perMs * 60_000).toBeLessThanOrEqual(perMinute + 1e-9);
      expect(capacity).toBeGreaterThanOrEqual(1);
      expect(perMs).toBeGreaterThan(0);
    },
  );
});
