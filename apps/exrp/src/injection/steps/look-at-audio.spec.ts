import type { StoredAudio } from '@exrec/recording-store';
import { hasChanged, sightingOf } from './look-at-audio.js';

const file: StoredAudio = { sizeBytes: 10, modifiedAtMs: 1_000, etag: '"a"' };

/** Whether `file` counts as changed when the next looks show these. */
function changedTo(...checks: readonly StoredAudio[]): Promise<boolean> {
  const left = [...checks];
  return hasChanged(file, () => Promise.resolve(left.shift() ?? file));
}

describe('a file that is looked at again', () => {
  it.each<[string, readonly StoredAudio[], boolean]>([
    ['the same', [file], false],
    ['of another size', [{ ...file, sizeBytes: 11 }], true],
    ['of another time', [{ ...file, modifiedAtMs: 2_000 }], true],
    [
      'of another ETag that stays',
      [
        { ...file, etag: '"b"' },
        { ...file, etag: '"b"' },
      ],
      true,
    ],
    [
      'with a new ETag at each look',
      [
        { ...file, etag: '"b"' },
        { ...file, etag: '"c"' },
      ],
      false,
    ],
  ])('%s has changed: %s', async (_, checks, changed) => {
    expect(await changedTo(...checks)).toBe(changed);
  });

  it('is stable whatever its ETag does, or by its ETag where no time is told', () => {
    const first = sightingOf(file, undefined, 1);
    expect(sightingOf({ ...file, etag: '"b"' }, first, 2).sinceMs).toBe(1);
    const timeless = { sizeBytes: 10, etag: '"a"' };
    expect(sightingOf({ ...timeless }, sightingOf(timeless, undefined, 1), 2).sinceMs).toBe(1);
    expect(
      sightingOf({ ...timeless, etag: '"b"' }, sightingOf(timeless, undefined, 1), 2).sinceMs,
    ).toBe(2);
  });
});
