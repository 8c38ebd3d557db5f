import { timesMs } from './shell-injection.js';

it('adds up user and system time of the shell and its children', () => {
  expect(timesMs('0m0.004s 0m0.010s\n1m2.500s 0m0.250s\n')).toBeCloseTo(62_764);
});
