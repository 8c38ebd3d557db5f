import type { LanguageSettingsOverTime } from './language-settings.js';
import type { Rules, RuleSource } from './rules.js';
import type { LanguageSettings } from './settings-history.js';

/** The STA settings of the present rules; without rules there are none. */
export function languageSettingsOf(rules: Rules | undefined): LanguageSettings {
  return {
    defaultLanguage: rules?.staDefaultLanguage ?? null,
    languageKey: rules?.keyNames.languageKey ?? null,
  };
}

/** The rules of a source, with the STA settings as they were when an agent answered. */
export function rulesOverTime(
  source: RuleSource,
  languages: Pick<LanguageSettingsOverTime, 'at'>,
): RuleSource {
  const languageSettingsAt = (timeMs: number) => languages.at(timeMs);
  return {
    current: () => {
      const rules = source.current();
      return rules && { ...rules, languageSettingsAt };
    },
  };
}
