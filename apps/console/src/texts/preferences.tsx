import { languageFor, type Language } from '@exrec/words';
import { createContext, use, useEffect, useMemo, useState, type ReactNode } from 'react';
import { english, type Texts } from './english.js';
import { german } from './german.js';

type Values = Readonly<Record<string, string | number>>;

export type Preferences = {
  readonly language: Language;
  readonly isUtc: boolean;
  readonly setLanguage: (language: Language) => void;
  readonly setUtc: (isUtc: boolean) => void;
  /** A text, with its `{names}` filled in. */
  readonly t: (name: keyof Texts, values?: Values) => string;
  /** A count with the separators of the language. */
  readonly n: (count: number) => string;
};

const PreferencesContext = createContext<Preferences | undefined>(undefined);

export function usePreferences(): Preferences {
  const preferences = use(PreferencesContext);
  if (preferences === undefined) throw new Error('outside of PreferencesProvider');
  return preferences;
}

/** Language and time zone of this person: remembered by the browser, the language first taken from it. */
export function PreferencesProvider({ children }: { readonly children: ReactNode }) {
  const [language, setLanguage] = useRemembered<Language>('exrec.language', () =>
    languageFor(navigator.languages),
  );
  const [utc, setUtc] = useRemembered<'utc' | 'local'>('exrec.time', () => 'local');
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const preferences = useMemo<Preferences>(() => {
    const texts = language === 'de' ? german : english;
    return {
      language,
      isUtc: utc === 'utc',
      setLanguage,
      setUtc: (isUtc) => setUtc(isUtc ? 'utc' : 'local'),
      t: (name, values = {}) =>
        texts[name].replace(/\{(\w+)\}/g, (_all, key: string) => String(values[key] ?? '')),
      n: (count) => count.toLocaleString(language === 'de' ? 'de-DE' : 'en-GB'),
    };
  }, [language, utc, setLanguage, setUtc]);
  return <PreferencesContext value={preferences}>{children}</PreferencesContext>;
}

function useRemembered<T extends string>(key: string, first: () => T) {
  const [value, setValue] = useState<T>(() => (localStorage.getItem(key) as T | null) ?? first());
  const set = useMemo(
    () => (next: T) => {
      localStorage.setItem(key, next);
      setValue(next);
    },
    [key],
  );
  return [value, set] as const;
}
