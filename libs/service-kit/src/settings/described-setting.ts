import { catalogue, type Service, type SettingName } from './catalogue.js';

/** What documentation needs to know of a setting, whatever its type. */
export type DescribedSetting = {
  readonly default: unknown;
  readonly who: readonly Service[];
  readonly about: string;
  readonly secret: boolean;
  readonly shownDefault?: string;
};

export function describedSetting(name: SettingName): DescribedSetting {
  return catalogue[name];
}

/** A default in Markdown; empty when there is none. */
export function shownDefault({ shownDefault: words, default: value }: DescribedSetting): string {
  if (words !== undefined) return words;
  if (value === undefined) return '';
  return `\`${Array.isArray(value) ? value.join(',') : typeof value === 'string' ? value : JSON.stringify(value)}\``;
}
