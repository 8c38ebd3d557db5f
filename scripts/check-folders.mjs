/**
 * Whether no two folders of an app or a library import each other: `node scripts/check-folders.mjs`. Looked at are the
 * folders at which the paths of two files part; a folder and what is inside it belong together. Specs may see everything.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { workspaceRoot } from './progress.mjs';

const files = execFileSync(
  'git',
  ['ls-files', '-co', '--exclude-standard', '--', '*/src/*.ts', '*/src/*.tsx'],
  {
    cwd: workspaceRoot,
    encoding: 'utf8',
  },
);
/** By `<importing folder> <imported folder>`: one place where it is done. */
const imports = new Map();
for (const file of files.split('\n').filter((name) => name !== '' && !/\.spec\.tsx?$/.test(name))) {
  for (const [, target] of textOf(file).matchAll(/(?:from|import) '(\.[^']+)'/g)) {
    const pair = parting(dirname(file), dirname(normalize(join(dirname(file), target))));
    if (pair !== undefined && !imports.has(pair)) imports.set(pair, `${file} (${target})`);
  }
}
const faults = [...imports].filter(([pair]) => {
  const [from, to] = pair.split(' ');
  return from < to && imports.has(`${to} ${from}`);
});
for (const [pair, place] of faults) {
  const [from, to] = pair.split(' ');
  process.stdout.write(
    `${from} and ${to} import each other:\n  ${place}\n  ${imports.get(`${to} ${from}`)}\n`,
  );
}
process.exitCode = faults.length === 0 ? 0 : 1;

function textOf(file) {
  try {
    return readFileSync(join(workspaceRoot, file), 'utf8');
  } catch {
    return ''; // deleted, and not committed yet
  }
}

/** The two folders at which the paths part; undefined when one is inside the other. */
function parting(from, to) {
  const [left, right] = [from.split('/'), to.split('/')];
  const at = left.findIndex((part, index) => part !== right[index]);
  if (at === -1 || at >= right.length) return undefined;
  return `${left.slice(0, at + 1).join('/')} ${right.slice(0, at + 1).join('/')}`;
}
