/**
 * Reads foreign bytes by the million: `npm run fuzz -- [--seconds N] [--seed N] [target …]`, all targets without one.
 * A target is `<project>/test/fuzz/<name>.fuzz.ts`. What it finds is left in .run/fuzz/<target>, and belongs into
 * cases/fuzz/<target> once it is mended.
 */
import { build } from 'esbuild';
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const workspaceRoot = resolve(import.meta.dirname, '..');
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: 'string' }, seed: { type: 'string' } },
});
const seconds = Number(values.seconds ?? 60);
const seed = Number(values.seed ?? Date.now() % 1_000_000_000);
const known = new Map(findTargets().map((file) => [basename(file, '.fuzz.ts'), file]));
const wanted = positionals.length === 0 ? [...known.keys()] : positionals;
const unknown = wanted.filter((name) => !known.has(name));
if (unknown.length > 0 || !(seconds > 0) || !Number.isSafeInteger(seed)) {
  process.stderr.write(
    `usage: npm run fuzz -- [--seconds N] [--seed N] [${[...known.keys()].join(' | ')}]\n`,
  );
  process.exit(2);
}

process.stdout.write(`seed ${seed}, ${seconds} s each\n`);
let failed = 0;
for (const name of wanted) failed += (await fuzz(name, known.get(name))) === 0 ? 0 : 1;
process.exitCode = failed === 0 ? 0 : 1;

function findTargets() {
  const projects = ['apps', 'libs'].flatMap((kind) =>
    readdirSync(join(workspaceRoot, kind)).map((project) => join(workspaceRoot, kind, project)),
  );
  const folders = projects.map((project) => join(project, 'test', 'fuzz')).filter(existsSync);
  return folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((file) => file.endsWith('.fuzz.ts'))
      .map((file) => join(folder, file)),
  );
}

async function fuzz(name, file) {
  const folder = join(workspaceRoot, '.run', 'fuzz', name);
  const script = join(folder, 'program.cjs');
  const run = JSON.stringify({ seconds, seed, folder });
  await build({
    stdin: {
      contents: `
        import { target } from ${JSON.stringify(file)};
        import { fuzzFor } from '@exrec/testing/fuzz';
        const say = (line) => process.stdout.write(line + '\\n');
        void fuzzFor(target, { ...${run}, script: __filename, say }).then(
          (isFine) => process.exit(isFine ? 0 : 1),
          (error) => { say(error.stack); process.exit(1); },
        );`,
      resolveDir: join(workspaceRoot, 'libs', 'testing'),
    },
    outfile: script,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    define: { 'import.meta.url': 'moduleUrl', 'import.meta.dirname': '__dirname' },
    banner: { js: `const moduleUrl = require('node:url').pathToFileURL(__filename).href;` },
    conditions: ['@exrec/source'],
    loader: { '.lua': 'text' },
    sourcemap: 'inline',
    logLevel: 'error',
  });
  const child = spawn(process.execPath, ['--enable-source-maps', script], {
    stdio: 'inherit',
    cwd: workspaceRoot,
  });
  return new Promise((done) => child.once('exit', (code) => done(code ?? 1)));
}
