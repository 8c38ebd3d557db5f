import type { SettingName } from '../settings/catalogue.js';
import { describedSetting, shownDefault } from '../settings/described-setting.js';
import { versionLine } from './build-info.js';

/** What `--help` prints: every setting of this service with its default, from the catalogue. */
export function helpText(service: string, names: readonly SettingName[]): string {
  return [
    versionLine(service),
    '',
    'Usage: node main.js              starts the service',
    '       node main.js --version    says what it was built from',
    '       node main.js --help       prints this',
    '',
    'Settings are environment variables. Each may be given as NAME_FILE instead: the path of a file that holds it.',
    'Wrong ones end the start with exit code 78 and all faults by name.',
    '',
    ...names.toSorted().flatMap(settingLines),
  ].join('\n');
}

function settingLines(name: SettingName): string[] {
  const setting = describedSetting(name);
  const fallback = shownDefault(setting).replaceAll('`', '');
  const remarks = [
    ...(setting.secret ? ['secret'] : []),
    ...(fallback === '' ? [] : [`default: ${fallback}`]),
  ];
  const remark = remarks.length === 0 ? '' : ` [${remarks.join('; ')}]`;
  return [`  ${name}${remark}`, `      ${setting.about.replaceAll('`', '')}`];
}
