import { isCause, type CauseWords } from './cause.js';
import { causesInEnglish } from './causes-en.js';
import { causesInGerman } from './causes-de.js';
import type { Language } from './language.js';

/** What a cause means and what to do; of one that this release does not know, its own name. */
export function causeWords(cause: string, language: Language = 'en'): CauseWords {
  if (isCause(cause)) return (language === 'de' ? causesInGerman : causesInEnglish)[cause];
  return { title: cause, means: '', todo: '' };
}
