import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { catalogue, type SettingName, type Settings, type SettingValue } from './catalogue.js';

export type Environment = Readonly<Record<string, string | undefined>>;
export type SettingFault = { readonly name: string; readonly problem: string };
/** A rule over several settings; returns what is wrong, by name. */
export type SettingRule<N extends SettingName> = (settings: Settings<N>) => readonly SettingFault[];

/** All faults of a start at once, by name and without values (docs/design/CONTRACTS.md#6-settings). */
export class SettingsError extends Error {
  readonly faults: readonly SettingFault[];

  constructor(faults: readonly SettingFault[]) {
    super(faults.map(({ name, problem }) => `${name}: ${problem}`).join('\n'));
    this.name = 'SettingsError';
    this.faults = faults;
  }
}

/** Exit code of a process whose settings are wrong (sysexits EX_CONFIG). */
export const settingsExitCode = 78;

const ownPrefixes = /^(EXCP|EXRP|EXREC|STORAGE|LEDGER|GC|RWS|STA|WEBDAV|HYBRID)_/;
/** Of the command line, of tests and of the scripts of the repository, which may share an environment with a service. */
const ofOthers = /^EXREC_(URL|TOKEN(_FILE)?|CRASH_POINT|TEST_\w+|BUNDLE_DIR|SCRIPT_\w+)$/;
/** What container platforms set for a service of that name: not settings of ours. */
const platformLinks = /_(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT_\d+_(TCP|UDP).*)$/;

/**
 * Reads, checks and freezes the settings `names`.
 * Each may also be given as `<NAME>_FILE`; an empty text counts as unset.
 * @throws SettingsError with every fault found
 */
export function readSettings<const N extends SettingName>(
  names: readonly N[],
  environment: Environment = process.env,
  rules: readonly SettingRule<N>[] = [],
): Settings<N> {
  const faults: SettingFault[] = [];
  const values: Partial<Record<SettingName, unknown>> = {};
  for (const name of names) {
    try {
      values[name] = readOne(name, environment);
    } catch (error) {
      faults.push({ name, problem: error instanceof Error ? error.message : 'cannot be read' });
    }
  }
  faults.push(...unknownNames(environment));
  // Every name is set above, or there is a fault and nothing is returned.
  const settings = Object.freeze(values) as Settings<N>;
  const faulty = new Set(faults.map(({ name }) => name));
  for (const rule of rules) faults.push(...applyRule(rule, settings, faulty));
  if (faults.length > 0) throw new SettingsError(faults);
  return settings;
}

/** The process environment, completed by `.env` in the working directory unless in production. */
export function environmentWithDotEnv(
  environment: Environment = process.env,
  file = '.env',
): Environment {
  if (environment.NODE_ENV === 'production' || !existsSync(file)) return environment;
  return { ...parseEnv(readFileSync(file, 'utf8')), ...environment };
}

function readOne<N extends SettingName>(name: N, environment: Environment): SettingValue<N> {
  const { parse, default: fallback } = catalogue[name];
  const raw = rawText(name, environment);
  return (raw === undefined ? fallback : parse(raw)) as SettingValue<N>;
}

function rawText(name: string, environment: Environment): string | undefined {
  const inline = nonEmpty(withoutLink(name, environment[name]));
  const fileName = `${name}_FILE` in catalogue ? undefined : nonEmpty(environment[`${name}_FILE`]);
  if (inline !== undefined && fileName !== undefined) {
    throw new Error(`is given twice, inline and as ${name}_FILE`);
  }
  if (fileName === undefined) return inline;
  try {
    return nonEmpty(readFileSync(fileName, 'utf8'));
  } catch {
    throw new Error(`the file that ${name}_FILE names cannot be read`);
  }
}

/** Container platforms pass unset variables as empty texts. */
function nonEmpty(text: string | undefined): string | undefined {
  const trimmed = text?.trim();
  return trimmed === '' ? undefined : trimmed;
}

/** Kubernetes sets `EXCP_PORT=tcp://10.0.0.1:3650` for a service that is called `excp`. */
function withoutLink(name: string, text: string | undefined): string | undefined {
  return name.endsWith('_PORT') && text?.startsWith('tcp://') === true ? undefined : text;
}

function unknownNames(environment: Environment): SettingFault[] {
  return Object.keys(environment)
    .filter((name) => withoutLink(name, environment[name]) !== undefined)
    .filter((name) => ownPrefixes.test(name) && !platformLinks.test(name) && !ofOthers.test(name))
    .filter((name) => !(name in catalogue) && !(name.replace(/_FILE$/, '') in catalogue))
    .map((name) => ({ name, problem: 'is no setting of this product' }));
}

function applyRule<N extends SettingName>(
  rule: SettingRule<N>,
  settings: Settings<N>,
  faulty: ReadonlySet<string>,
): readonly SettingFault[] {
  return rule(settings).filter(({ name }) => !faulty.has(name));
}
