import type { SettingName } from '../settings/catalogue.js';
import { versionLine } from './build-info.js';
import { helpText } from './help-text.js';

export type ArgumentsAnswer = { readonly text: string; readonly exitCode: number };

/** sysexits EX_USAGE. */
const wrongUse = 64;

/**
 * What to print instead of starting; `undefined`: start. A service takes no arguments but these two, so anything else
 * is a slip of the pen and not to be passed over.
 */
export function answerToArguments(
  args: readonly string[],
  service: string,
  names: readonly SettingName[],
): ArgumentsAnswer | undefined {
  const [first] = args;
  if (first === undefined) return undefined;
  if (args.length === 1 && first === '--version')
    return { text: versionLine(service), exitCode: 0 };
  if (args.length === 1 && (first === '--help' || first === '-h'))
    return { text: helpText(service, names), exitCode: 0 };
  return {
    text: `${service} takes --help or --version, or nothing and its settings from the environment`,
    exitCode: wrongUse,
  };
}
