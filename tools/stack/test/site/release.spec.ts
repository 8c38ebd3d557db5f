import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { workspaceRoot } from '@exrec/testing';

const root = workspaceRoot();
const folder = mkdtempSync(join(tmpdir(), 'exrec-release-'));
const clone = join(folder, 'exrec');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Enough to see it; all take their time. */
const programs = ['storage'];
const who = { GIT_AUTHOR_NAME: 'A', GIT_AUTHOR_EMAIL: 'a@example.com' };
const env = {
  ...process.env,
  ...who,
  GIT_COMMITTER_NAME: 'A',
  GIT_COMMITTER_EMAIL: 'a@example.com',
};
const git = (...args: string[]) =>
  execFileSync('git', args, { cwd: clone, env, encoding: 'utf8' }).trim();
const release = (...args: string[]) =>
  spawnSync(process.execPath, ['scripts/release.mjs', ...args], {
    cwd: clone,
    env,
    encoding: 'utf8',
  });

it('makes a version: changelog, tag, and archives that are what their digests say', () => {
  // The present files as one commit: what is not committed yet is to be tried, too.
  const files = execFileSync(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard'],
    {
      cwd: root,
      encoding: 'utf8',
    },
  );
  for (const file of files.split('\0').filter(Boolean)) {
    cpSync(join(root, file), join(clone, file), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'));
  writeFileSync(join(clone, '.git-exclude'), 'node_modules\n');
  git('init', '--quiet');
  git('config', 'core.excludesFile', join(clone, '.git-exclude'));
  git('add', '--all');
  git('commit', '--quiet', '--message', 'all');

  expect(release('0.0.1')).toMatchObject({ status: 1 });
  writeFileSync(join(clone, 'README.md'), 'changed');
  expect(release('99.1.0').stderr).toContain('not committed');
  git('checkout', '--quiet', 'README.md');

  const made = release('99.1.0', ...programs);
  expect({ status: made.status, output: made.stdout + made.stderr }).toMatchObject({ status: 0 });
  expect(git('describe', '--tags')).toBe('v99.1.0');
  expect(git('status', '--porcelain')).toBe('');
  expect(readFileSync(join(clone, 'CHANGELOG.md'), 'utf8')).toMatch(
    /^## Unreleased\n\n## 99\.1\.0 – \d{4}-\d\d-\d\d\n\n\S/m,
  );
  const packed = join(clone, 'dist', 'release');
  execFileSync('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: packed });
  for (const program of programs) {
    execFileSync('tar', ['xzf', join(packed, `exrec-${program}-99.1.0.tgz`)], { cwd: folder });
    const main = join(folder, `exrec-${program}-99.1.0`, 'main.js');
    const said = execFileSync(process.execPath, [main, '--version'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(said).toContain('99.1.0');
    expect(said).toContain(git('rev-parse', '--short=12', 'HEAD'));
  }
  const sums = readFileSync(join(packed, 'SHA256SUMS'), 'utf8');
  expect(release('--pack', ...programs)).toMatchObject({ status: 0 });
  expect(readFileSync(join(packed, 'SHA256SUMS'), 'utf8')).toBe(sums);
  // Closed sections are not closed again.
  expect(release('99.2.0').stderr).toContain('says nothing under "Unreleased"');
});
