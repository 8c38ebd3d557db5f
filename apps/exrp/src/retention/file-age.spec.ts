import { ageOf, isDeletable } from './file-age.js';

const hour = 3_600_000;
const nowMs = 1_000 * hour;

describe('ageOf', () => {
  it.each([
    ['is what the storage says by its own clock', 700, 695, -9, 5],
    ['does not mind a storage whose clock is a year off', 9_760, 9_755, -9, 5],
    ['is never more than since the first sight: a stamp of 1970', 1_000, 0, -2, 2],
    ['is never more than since the first sight: a stamp of three days ago', 1_000, 928, -2, 2],
    ['goes from the first sight when there is no stamp', 1_000, undefined, -2, 2],
    ['goes from the first sight when the stamp lies in the future', 1_000, 1_005, -2, 2],
    ['goes by our clock where the storage tells none', undefined, 995, -9, 5],
    ['of a file that was put again is that of the new one', 1_000, 999, -30, 1],
  ])('%s', (_what, storageNow, modified, firstSeen, expected) => {
    const times = {
      storageNowMs: storageNow === undefined ? undefined : storageNow * hour,
      modifiedAtMs: modified === undefined ? undefined : modified * hour,
    };
    expect(ageOf(times, nowMs + firstSeen * hour, nowMs)).toBe(expected * hour);
  });
});

it.each([
  ['a.opus', true],
  ['02AB_2026-03-02_09-15-04-00A1B2C3-1000F00D-00000001.opus', true],
  ['a.opus.part', false],
  ['a.mp3', false],
  ['opus', false],
  ['.opus', false],
  ['a/../b.opus', false],
  ['a b.opus', false],
])('%s may be deleted: %s', (name, expected) => expect(isDeletable(name)).toBe(expected));
