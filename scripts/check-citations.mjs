/**
 * Whether every citation leads somewhere: `node scripts/check-citations.mjs`. A citation is a path of a document, with a
 * heading where one is meant (`docs/design/CONTRACTS.md#21-mcp-pushes-metadata`), or a link of a Markdown file.
 * A document that is called by a short name alone is none: a reader would have to know where it lies.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { workspaceRoot } from './progress.mjs';

const texts = /\.(ts|tsx|mjs|cjs|lua|md|ya?ml|conf|cfg|sh)$/;
const shortNames =
  /\b(CONTRACTS|CONVERSATIONS|DESIGN|FAILURES|STYLE|CONSOLE)\b(?!\.md)|\[F \d+(\.\d+)?/g;
const paths = /\b(?:docs|apps|libs|tools)\/[\w./-]+\.md(#[\w-]+)?/g;
const links = /\]\((?!https?:|mailto:)([^()\s]+)\)/g;
/** The design documents cite each other by their short names, which they explain. */
const explainsShortNames = /^docs\/(design|reference)\//;

const headingsOf = new Map();
const faults = [];
for (const file of trackedTexts()) {
  const isMarkdown = file.endsWith('.md');
  const lines = readFileSync(join(workspaceRoot, file), 'utf8').split('\n');
  lines.forEach((line, index) => {
    const at = `${file}:${index + 1}`;
    if (!explainsShortNames.test(file) && file !== 'scripts/check-citations.mjs') {
      const prose = isMarkdown ? line.replaceAll(links, ']').replaceAll(/\[[^[\]]*\]/g, '') : line;
      for (const [name] of prose.matchAll(shortNames))
        faults.push(`${at}: ${name} without its path`);
    }
    const cited = [...line.matchAll(paths)].map(([path]) => path);
    if (isMarkdown) cited.length = 0;
    if (isMarkdown) {
      for (const [, target] of line.matchAll(links)) cited.push(inWorkspace(file, target));
    }
    for (const target of cited) if (!leadsSomewhere(target)) faults.push(`${at}: no ${target}`);
  });
}
for (const fault of faults) process.stdout.write(`${fault}\n`);
process.exitCode = faults.length === 0 ? 0 : 1;

function trackedTexts() {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], {
    cwd: workspaceRoot,
    encoding: 'utf8',
  });
  return listed
    .split('\n')
    .filter((file) => texts.test(file) && existsSync(join(workspaceRoot, file)));
}

function inWorkspace(file, target) {
  if (target.startsWith('#')) return `${file}${target}`;
  return relative(workspaceRoot, join(workspaceRoot, dirname(file), target));
}

function leadsSomewhere(target) {
  const [path, heading] = target.split('#');
  if (!existsSync(join(workspaceRoot, path))) return false;
  return heading === undefined || headings(path).has(heading);
}

/** The anchors of a Markdown file as they are made of its headings where it is shown. */
function headings(path) {
  const known = headingsOf.get(path);
  if (known) return known;
  const found = new Set();
  for (const [, text] of readFileSync(join(workspaceRoot, path), 'utf8').matchAll(/^#+ (.+)$/gm)) {
    const words = text
      .trim()
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '');
    found.add(words.replace(/\s/g, '-'));
  }
  headingsOf.set(path, found);
  return found;
}
