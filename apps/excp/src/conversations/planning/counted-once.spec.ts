import { CountedOnce } from './counted-once.js';

it('counts each key once, and forgets the oldest when there are too many', () => {
  const counted = new CountedOnce(2);
  expect(counted.newOf(['a', 'b'])).toBe(2);
  expect(counted.newOf(['b', 'a'])).toBe(0);
  expect(counted.newOf(['c'])).toBe(1);
  expect(counted.newOf(['b', 'c'])).toBe(0);
  expect(counted.newOf(['a'])).toBe(1);
});
