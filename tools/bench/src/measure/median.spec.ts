import { median, quantile } from './median.js';

it.each([
  [[3], 3],
  [[9, 1, 5], 5],
  [[4, 1, 3, 2], 2.5],
])('the median of %j is %d', (values, expected) => {
  expect(median(values)).toBe(expected);
});

it('the 99th percentile of 1 to 101 is 100', () => {
  const values = Array.from({ length: 101 }, (_, index) => index + 1);
  expect(quantile(values, 0.99)).toBe(100);
});

it('there is no median of nothing', () => {
  expect(() => median([])).toThrow(RangeError);
});
