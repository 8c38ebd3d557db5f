/** npm packages, exactly as package-lock.json says. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CannotGoOn, run, say, workspaceRoot } from './progress.mjs';

/** Runs `npm ci` unless what is installed is what the lock file says. */
export async function ensureNpmPackages() {
  if (areNpmPackagesCurrent(workspaceRoot)) {
    say('npm packages: as in package-lock.json');
    return;
  }
  say('npm packages: installing as in package-lock.json (npm ci); takes a minute the first time');
  const code = await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  if (code !== 0) throw new CannotGoOn('npm ci failed; what it printed above says why.');
  say('npm packages: installed');
}

/**
 * Compares the lock file with npm's own record of what it installed last.
 * An interrupted `npm ci` leaves no such record.
 */
export function areNpmPackagesCurrent(root) {
  const installedFile = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installedFile)) return false;
  const wanted = packagesOf(join(root, 'package-lock.json'));
  const installed = packagesOf(installedFile);
  return Object.entries(wanted)
    .filter(([path]) => path.includes('node_modules/'))
    .every(([path, entry]) => {
      if (entry.link) return existsSync(join(root, path));
      // Optional packages are there only on the platforms they are for.
      if (installed[path] === undefined)
        return entry.optional === true || entry.devOptional === true;
      return installed[path].version === entry.version && existsSync(join(root, path));
    });
}

function packagesOf(lockFile) {
  return JSON.parse(readFileSync(lockFile, 'utf8')).packages;
}
