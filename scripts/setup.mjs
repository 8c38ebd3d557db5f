/**
 * Installs what a fresh clone lacks: `node scripts/setup.mjs [start|test]`.
 * Plain Node.js, since nothing is installed yet when it runs.
 */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ensureNpmPackages } from './npm-packages.mjs';
import { CannotGoOn, say, workspaceRoot } from './progress.mjs';
import { ensurePrograms } from './programs.mjs';

/** @param {'start' | 'test'} purpose */
export async function setup(purpose) {
  checkNode();
  // Neither needs the other; both are waited for, so that nothing goes on behind the last words.
  const steps = await Promise.allSettled([ensurePrograms(purpose), ensureNpmPackages()]);
  for (const { reason } of steps.filter(({ status }) => status === 'rejected')) throw reason;
}

function checkNode() {
  const { engines } = JSON.parse(readFileSync(join(workspaceRoot, 'package.json'), 'utf8'));
  const [major, minor] = engines.node.replace('>=', '').split('.').map(Number);
  const [haveMajor, haveMinor] = process.versions.node.split('.').map(Number);
  if (haveMajor < major || (haveMajor === major && haveMinor < minor)) {
    throw new CannotGoOn(
      `This is Node.js ${process.version}; exrec needs ${major}.${minor} or newer, see https://nodejs.org/`,
    );
  }
  say(`Node.js ${process.version}`);
}

/** Runs a script's work; a reason not to go on is printed without a stack. */
export async function runScript(work) {
  try {
    process.exitCode = await work();
  } catch (error) {
    if (!(error instanceof CannotGoOn)) throw error;
    process.stderr.write(`\n${error.message}\n`);
    process.exitCode = 1;
  }
}

if (resolve(process.argv[1]) === import.meta.filename) {
  await runScript(async () => {
    await setup(process.argv[2] === 'start' ? 'start' : 'test');
    return 0;
  });
}
