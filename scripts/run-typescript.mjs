/** Runs a TypeScript file of a project that is no app of its own: `node ../../scripts/run-typescript.mjs <file> [arguments]`. */
import { build } from 'esbuild';
import { spawn } from 'node:child_process';
import { basename, join, resolve } from 'node:path';

const [file, ...args] = process.argv.slice(2);
const outfile = join(
  resolve(import.meta.dirname, '..'),
  '.run',
  'scripts',
  `${basename(file, '.ts')}.mjs`,
);
await build({
  entryPoints: [file],
  outfile,
  bundle: true,
  loader: { '.lua': 'text' },
  platform: 'node',
  target: 'node20',
  format: 'esm',
  packages: 'external',
  // Workspace packages are TypeScript.
  alias: {
    '@exrec/service-kit': resolve(import.meta.dirname, '../libs/service-kit/src/index.ts'),
    '@exrec/gc-metadata': resolve(import.meta.dirname, '../libs/gc-metadata/src/index.ts'),
  },
  sourcemap: 'inline',
  logLevel: 'warning',
});
const child = spawn(process.execPath, ['--enable-source-maps', outfile, ...args], {
  stdio: 'inherit',
});
child.once('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 128)));
