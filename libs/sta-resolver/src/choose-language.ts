import { comparableCode } from './language-code.js';
import type { StaSnapshot } from './snapshot.js';
import type { StaInput } from './decision.js';
import type { TrailStep } from './trail.js';

export type LanguageChoice = {
  readonly language: string | null;
  readonly trail: readonly TrailStep[];
};

/** Rules 4 and 6: the user data's language on agent segments, else the default one; in GC's spelling. */
export function chooseLanguage(input: StaInput, snapshot: StaSnapshot): LanguageChoice {
  const supported = (code: string) => snapshot.dialectByCode.get(comparableCode(code));
  const trail: TrailStep[] = [];
  const asked = input.userDataLanguage;
  if (input.recordedParty === 'trunk') {
    trail.push({ rule: 'user-data-ignored-for-trunk' });
  } else if (asked) {
    const language = supported(asked);
    if (language) return { language, trail: [{ rule: 'user-data-language', value: language }] };
    trail.push({ rule: 'user-data-language-unsupported', ...shownCode(asked) });
  } else {
    trail.push({ rule: 'user-data-language-absent' });
  }
  const fallback = input.staDefaultLanguage;
  if (!fallback) {
    return { language: null, trail: [...trail, { rule: 'default-language-absent' }] };
  }
  const language = supported(fallback) ?? null;
  const rule = language ? 'default-language' : 'default-language-unsupported';
  return { language, trail: [...trail, { rule, value: language ?? fallback }] };
}

/** User data may hold anything, also a name or a number: only what looks like a code is shown. */
function shownCode(text: string): { readonly value?: string } {
  return /^[a-z]{2,3}[-_](?:[a-z]{2}|\d{3})$/i.test(text) ? { value: text } : {};
}
