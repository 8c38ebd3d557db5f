import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from './workspace-root.js';

/** Where an input from the field is kept, e.g. `casePath('keys', 'text-before-pem.pem')`. */
export function casePath(...names: readonly string[]): string {
  return join(workspaceRoot(), 'cases', ...names);
}

/** The bytes of an input from the field. */
export function caseFile(...names: readonly string[]): Buffer {
  return readFileSync(casePath(...names));
}
