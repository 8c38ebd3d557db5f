#!/usr/bin/env node
// `npx exrec` in the workspace: the built command line, built first where it is not there yet.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..', '..', '..');
const main = join(root, 'dist', 'apps', 'exrec', 'main.js');
if (!existsSync(main)) {
  const build = join(root, 'scripts', 'build-app.mjs');
  const { status } = spawnSync(process.execPath, [build], { cwd: join(root, 'apps', 'exrec') });
  if (status !== 0) process.exit(2);
}
const { status } = spawnSync(process.execPath, [main, ...process.argv.slice(2)], {
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
