import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The folder whose package.json is named `exrec`, looked for upwards from the running program and
 * from the current folder. Paths relative to this module would break: under Jest it runs from
 * `libs/testing/src`, in a tool it is bundled into `dist/tools/<tool>/main.js`.
 * @throws when the program runs outside the workspace
 */
export function workspaceRoot(): string {
  for (const start of [process.cwd(), dirname(process.argv[1] ?? '.')]) {
    for (let dir = start; ; dir = dirname(dir)) {
      if (isWorkspaceRoot(dir)) return dir;
      if (dir === dirname(dir)) break;
    }
  }
  throw new Error('this works only from inside the exrec workspace');
}

function isWorkspaceRoot(dir: string): boolean {
  const file = join(dir, 'package.json');
  return existsSync(file) && /"name":\s*"exrec"/.test(readFileSync(file, 'utf8'));
}
