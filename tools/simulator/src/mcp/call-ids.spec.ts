import { callIds } from './call-ids.js';

it('draws a CallUUID of 32 upper-case base-32 characters', () => {
  expect(callIds().callUUID()).toMatch(/^[0-9A-V]{32}$/);
  expect(callIds().connID()).toMatch(/^[0-9a-f]{16}$/);
  expect(callIds().gvpId()).toMatch(/^[0-9A-F]{8}$/);
});

it('draws the same ids for the same seed, in the same order, never one twice', () => {
  const draw = (seed: string) => {
    const ids = callIds(seed);
    return [ids.callUUID(), ids.callUUID(), ids.callUUID()];
  };
  expect(draw('a')).toEqual(draw('a'));
  expect(new Set([...draw('a'), ...draw('b')]).size).toBe(6);
});

it('draws ids of its own for every run without a seed', () => {
  expect(callIds().callUUID()).not.toBe(callIds().callUUID());
});
