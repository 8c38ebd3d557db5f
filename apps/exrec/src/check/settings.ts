import { excpRules, settingWarnings } from '@exrec/excp';
import {
  allOrNone,
  catalogue,
  environmentWithDotEnv,
  readSettings,
  SettingsError,
  tlsRule,
  type SettingName,
  type Settings,
} from '@exrec/service-kit';
import { fine, stops, warning, type Finding } from './finding.js';

export type AllSettings = Settings;

export type SettingsReading = {
  readonly settings: AllSettings | undefined;
  readonly findings: readonly Finding[];
};

/** Every setting of every service, read as they read them. */
export function checkSettings(
  environment: Readonly<Record<string, string | undefined>>,
): SettingsReading {
  const names = Object.keys(catalogue) as SettingName[]; // the keys of that very object
  const rules = [
    ...excpRules,
    tlsRule,
    (given: AllSettings) => allOrNone(given, 'WEBDAV_USERNAME', 'WEBDAV_PASSWORD'),
  ];
  try {
    const settings = readSettings(names, environmentWithDotEnv(environment), rules);
    const warnings = settingWarnings(settings).map(({ text }) =>
      warning('settings', text, 'docs/configuration.md has every setting'),
    );
    return {
      settings,
      findings: [fine('settings', `${names.length} read, none wrong`), ...warnings],
    };
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    const findings = error.faults.map(({ name, problem }) =>
      stops('settings', `${name} ${problem}`, 'docs/configuration.md has every setting'),
    );
    return { settings: undefined, findings };
  }
}
