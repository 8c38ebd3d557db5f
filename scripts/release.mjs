/**
 * `npm run release -- <version>`: sets the version, closes the changelog's section, commits and tags, builds, and packs
 * `dist/release/exrec-<program>-<version>.tgz` with SHA256SUMS. Nothing is pushed or published.
 * `npm run release -- --pack`: packs the present commit only. Names of programs behind it pack only those.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CannotGoOn, say, workspaceRoot } from './progress.mjs';
import { runScript } from './setup.mjs';

const releaseFolder = join(workspaceRoot, 'dist', 'release');
const changelogFile = join(workspaceRoot, 'CHANGELOG.md');
const openSection = '## Unreleased\n';

await runScript(async () => {
  const [wish, ...programs] = process.argv.slice(2);
  if (wish === undefined) throw new CannotGoOn('Which version? npm run release -- 1.2.3');
  if (wish !== '--pack') prepare(wish);
  pack(programs.length > 0 ? programs : programsToPack());
  return 0;
});

function prepare(version) {
  const present = manifest('package.json').version;
  if (!isLater(version, present))
    throw new CannotGoOn(`${version} is no version (1.2.3) after the present one, ${present}.`);
  if (git('status', '--porcelain') !== '')
    throw new CannotGoOn('There are changes that are not committed.');
  closeSection(version);
  for (const file of manifestFiles()) setVersion(file, version);
  setLockVersion(version);
  git('add', '--all');
  git('commit', '--quiet', '--message', `chore: release ${version}`);
  git('tag', '--annotate', `v${version}`, '--message', `Release ${version}`);
  say(`committed and tagged v${version}`);
}

function isLater(version, present) {
  if (!/^\d+\.\d+\.\d+$/.test(version)) return false;
  const [wanted, had] = [version, present].map((text) => text.split('.').map(Number));
  const index = wanted.findIndex((part, at) => part !== had[at]);
  return index >= 0 && wanted[index] > had[index];
}

/** What was unreleased is this version's from now on. */
function closeSection(version) {
  const text = readFileSync(changelogFile, 'utf8');
  const [before, after] = text.split(openSection);
  const section = after?.split(/^## /m)[0]?.trim() ?? '';
  if (section === '') throw new CannotGoOn('CHANGELOG.md says nothing under "Unreleased".');
  const today = new Date().toISOString().slice(0, 10);
  writeFileSync(changelogFile, `${before}${openSection}\n## ${version} – ${today}\n${after}`);
}

function manifestFiles() {
  const workspaces = ['apps', 'libs', 'tools'].flatMap((folder) =>
    readdirSync(join(workspaceRoot, folder)).map((name) => join(folder, name, 'package.json')),
  );
  return ['package.json', ...workspaces].filter((file) => existsSync(join(workspaceRoot, file)));
}

function manifest(file) {
  return JSON.parse(readFileSync(join(workspaceRoot, file), 'utf8'));
}

/** Only this line: npm's own `version` would write every file anew. */
function setVersion(file, version) {
  const path = join(workspaceRoot, file);
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, text.replace(/^( {2}"version": ")[^"]*"/m, `$1${version}"`));
}

function setLockVersion(version) {
  const path = join(workspaceRoot, 'package-lock.json');
  const lock = JSON.parse(readFileSync(path, 'utf8'));
  lock.version = version;
  for (const [place, entry] of Object.entries(lock.packages)) {
    if (place === '' || /^(apps|libs|tools)\//.test(place)) entry.version = version;
  }
  writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
}

function pack(programs) {
  const { version } = manifest('package.json');
  rmSync(releaseFolder, { recursive: true, force: true });
  mkdirSync(releaseFolder, { recursive: true });
  const sums = programs.map((program) => {
    say(`building and packing ${program}`);
    // Never from a cache: what is packed is what is committed.
    checked('npm', ['run', '--silent', 'build'], join(workspaceRoot, 'apps', program));
    const file = packOne(program, version);
    const digest = createHash('sha256').update(readFileSync(join(releaseFolder, file)));
    return `${digest.digest('hex')}  ${file}\n`;
  });
  writeFileSync(join(releaseFolder, 'SHA256SUMS'), sums.join(''));
  say(`dist/release: ${programs.length} archives and SHA256SUMS`);
}

/** Every app that has something to run. */
function programsToPack() {
  return readdirSync(join(workspaceRoot, 'apps')).filter(
    (name) => manifest(join('apps', name, 'package.json')).scripts?.build !== undefined,
  );
}

/** The same commit gives the same bytes: order, owners and times do not depend on who packs. */
function packOne(program, version) {
  const name = `exrec-${program}-${version}`;
  const file = `${name}.tgz`;
  const time = git('show', '--no-patch', '--format=@%ct', 'HEAD');
  const args = ['--sort=name', '--owner=0', '--group=0', '--numeric-owner', '--mode=go=rX,u+rw'];
  args.push(`--mtime=${time}`, `--transform=s,^\\.,${name},`, '--use-compress-program=gzip -n9');
  args.push('--create', `--file=${join(releaseFolder, file)}`, '.');
  checked('tar', args, join(workspaceRoot, 'dist', 'apps', program));
  return file;
}

function git(...args) {
  return checked('git', args, workspaceRoot).trim();
}

function checked(command, args, cwd) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status !== 0)
    throw new CannotGoOn(`${command} ${args[0]}: ${(error?.message ?? stderr).trim()}`);
  return stdout;
}
