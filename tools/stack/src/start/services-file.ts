import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { catalogue, type Environment } from '@exrec/service-kit';
import type { Program } from './processes.js';
import type { StackSettings } from './stack-settings.js';

/**
 * Writes down each service's process and settings, which only the owner may read: `nx serve` takes a service's place
 * with them (scripts/serve-app.mjs).
 * @returns the file
 */
export async function writeServicesFile(
  { runDir }: StackSettings,
  programs: readonly Program[],
  environments: readonly Environment[],
): Promise<string> {
  const services = programs.map(
    ({ name, pid }, index) => [name, { pid, env: settingsIn(environments[index] ?? {}) }] as const,
  );
  const file = join(runDir, 'services.json');
  // A file that exists would keep its mode.
  await rm(file, { force: true });
  await writeFile(file, JSON.stringify(Object.fromEntries(services)), { mode: 0o600 });
  return file;
}

function settingsIn(environment: Environment): Environment {
  const isSetting = (name: string) => name in catalogue || name.replace(/_FILE$/, '') in catalogue;
  return Object.fromEntries(Object.entries(environment).filter(([name]) => isSetting(name)));
}
