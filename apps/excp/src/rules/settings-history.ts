import * as z from 'zod';

/** The STA settings of which an answered segment keeps those it was answered under. */
export type LanguageSettings = {
  /** `sta_default_language` */
  readonly defaultLanguage: string | null;
  /** `sta_userdata_language_key` */
  readonly languageKey: string | null;
};

export type SettingsChange = LanguageSettings & { readonly effectiveFromMs: number };

/** In the order of their time. */
export type SettingsHistory = readonly SettingsChange[];

/**
 * The settings in force at a time (epoch ms), that of a change included. Pure.
 * @returns null before the first change that is known
 */
export function settingsAt(history: SettingsHistory, timeMs: number): LanguageSettings | null {
  const change = history.findLast(({ effectiveFromMs }) => effectiveFromMs <= timeMs);
  if (change === undefined) return null;
  return { defaultLanguage: change.defaultLanguage, languageKey: change.languageKey };
}

const values = z.tuple([z.string().nullable(), z.string().nullable()]);

/** Equal settings, equal text. */
export function settingsText({ defaultLanguage, languageKey }: LanguageSettings): string {
  return JSON.stringify([defaultLanguage, languageKey]);
}

/** One entry as it is kept: `<epoch ms>:<settings>`. Nothing when it is damaged. */
export function parseChange(text: string): SettingsChange[] {
  const [, time, settings] = /^(\d+):(.*)$/s.exec(text) ?? [];
  if (time === undefined || settings === undefined) return [];
  try {
    const [defaultLanguage, languageKey] = values.parse(JSON.parse(settings));
    return [{ effectiveFromMs: Number(time), defaultLanguage, languageKey }];
  } catch {
    return [];
  }
}
