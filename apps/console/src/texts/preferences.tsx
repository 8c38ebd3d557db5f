import { languageFor, type Language } from '@exrec/words';
import { createContext, use, useEffect, useMemo, useState, type ReactNode } from 'react';
import { english, type Texts } from './english.js';
import { german } from './german.js';

type Values = Readonly<Record<string, string | number>>;

/** How times are told: by the clock here, by UTC, or by how long ago. */
export const timeWays = ['local', 'utc', 'relative'] as const;
export type TimeWay = (typeof timeWays)[number];

export type Preferences = {
  readonly language: Language;
  readonly timeWay: TimeWay;
  readonly isUtc: boolean;
  readonly setLanguage: (language: Language) => void;
  readonly setTimeWay: (way: TimeWay) => void;
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
  const [timeWay, setTimeWay] = useRemembered<TimeWay>('exrec.time', () => 'local');
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const preferences = useMemo<Preferences>(() => {
    const texts = language === 'de' ? german : english;
    return {
      language,
      timeWay,
      isUtc: timeWay === 'utc',
      setLanguage,
      setTimeWay,
      t: (name, values = {}) =>
        texts[name].replace(/\{(\w+)\}/g, (_all, key: string) => String(values[key] ?? '')),
      n: (count) => count.toLocaleString(language === 'de' ? 'de-DE' : 'en-GB'),
    };
  }, [language, timeWay, setLanguage, setTimeWay]);
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
