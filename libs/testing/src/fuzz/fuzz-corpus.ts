import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from '../workspace-root.js';
import type { FuzzTarget } from './fuzz-target.js';

/** The inputs of a target: its own, and those that were kept because of what they found or reached. */
export function corpusOf({ name, corpus }: FuzzTarget): Buffer[] {
  return [...corpus.map((input) => Buffer.from(input)), ...keptInputs(name).values()];
}

/** Inputs in `cases/fuzz/<name>` by their file names. */
export function keptInputs(name: string): ReadonlyMap<string, Buffer> {
  const folder = join(workspaceRoot(), 'cases', 'fuzz', name);
  const names = existsSync(folder) ? readdirSync(folder).sort() : [];
  return new Map(names.map((file) => [file, readFileSync(join(folder, file))]));
}
