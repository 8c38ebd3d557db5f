import { nameKey } from '@exrec/sta-resolver';

/** A name of Engage has 255 characters at most; a longer text is none, and comparing it would take its time. */
const longestName = 1_024;

/**
 * Does the text match the pattern, where `*` stands for any characters and `?` for one? Both are compared as names are:
 * case doesn't count (as for queue names in docs/design/CONTRACTS.md#5-sta-rules (6)). Never slower than pattern times text.
 */
export function matchesGlob(pattern: string, text: string): boolean {
  if (text.length > longestName) return false;
  const wanted = Array.from(nameKey(pattern));
  const given = Array.from(nameKey(text));
  let at = 0;
  let wantedAt = 0;
  let starAt = -1;
  let resumeAt = 0;
  while (at < given.length) {
    const character = wanted[wantedAt];
    if (character === '*') {
      starAt = wantedAt;
      resumeAt = at;
      wantedAt += 1;
    } else if (character !== undefined && (character === '?' || character === given[at])) {
      at += 1;
      wantedAt += 1;
    } else if (starAt >= 0) {
      // Let the last star take one character more.
      resumeAt += 1;
      at = resumeAt;
      wantedAt = starAt + 1;
    } else {
      return false;
    }
  }
  return wanted.slice(wantedAt).every((character) => character === '*');
}
