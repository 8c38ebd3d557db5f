/**
 * Bundles one app or tool into dist/<its folder>, or into the folder EXREC_BUNDLE_DIR: program.js, and main.js that runs it.
 * Workspace packages are compiled in from source, and npm packages with them: the folder runs with nothing but
 * Node.js. Why it is a CommonJS file, and why there are two: docs/adr/0001-workspace.md.
 * Run by Nx in the project's own folder, and by tests that start an app as a process.
 */
import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { compileFunction } from 'node:vm';

const workspaceRoot = resolve(import.meta.dirname, '..');
const projectDir = process.cwd();
const outDir =
  process.env.EXREC_BUNDLE_DIR ??
  resolve(workspaceRoot, 'dist', relative(workspaceRoot, projectDir));
const programFile = join(outDir, 'program.js');

const docsPageFiles = [
  'swagger-ui.css',
  'swagger-ui-bundle.js',
  'swagger-ui-standalone-preset.js',
  'favicon-16x16.png',
  'favicon-32x32.png',
  'LICENSE',
];

/** swagger-ui-dist serves the page at /docs from its own folder: here from one beside the program. */
const docsPageBesideBundle = {
  name: 'docs-page-beside-bundle',
  setup(pluginBuild) {
    const filter = /swagger-ui-dist[\\/]absolute-path\.js$/;
    pluginBuild.onLoad({ filter }, async ({ path }) => {
      const folder = join(outDir, 'docs-page');
      await mkdir(folder, { recursive: true });
      const copies = docsPageFiles.map((name) =>
        copyFile(join(dirname(path), name), join(folder, name)),
      );
      await Promise.all(copies);
      return {
        contents: `module.exports = () => require('node:path').join(__dirname, 'docs-page')`,
      };
    });
  },
};

await build({
  absWorkingDir: projectDir,
  entryPoints: ['src/main.ts'],
  outfile: programFile,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  // An ES module among the packages asks where it lies.
  define: { 'import.meta.url': 'moduleUrl' },
  banner: { js: `const moduleUrl = require('node:url').pathToFileURL(__filename).href;` },
  // Of ASCII V8 keeps a byte for each character, else two, and main.js counts on it. Comments and regular expressions
  // esbuild leaves as they are.
  charset: 'ascii',
  minifyWhitespace: true,
  // An error at the start of a program prints the whole line it is in.
  lineLimit: 160,
  legalComments: 'linked',
  sourcemap: true,
  sourcesContent: false,
  conditions: ['@exrec/source'],
  // Runs a program of its own folder; only the bench uses it, which lives in the workspace.
  external: ['esbuild'],
  plugins: [docsPageBesideBundle],
  logLevel: 'warning',
});
await copyFile(join(workspaceRoot, 'scripts', 'run-program.cjs'), join(outDir, 'main.js'));
await writeFile(`${programFile}.cache`, compiled(await readFile(programFile)));
// The workspace says "module" of every .js file below it.
await writeFile(join(outDir, 'package.json'), '{ "type": "commonjs" }\n');

/** What main.js (run-program.cjs) takes: what V8 has compiled of the program, behind a digest of both. */
function compiled(source) {
  if (source.some((byte) => byte > 0x7f)) throw new Error(`${programFile} is not all ASCII`);
  const names = ['exports', 'require', 'module', '__filename', '__dirname'];
  const { cachedData } = compileFunction(source.latin1Slice(), names, { produceCachedData: true });
  const digest = createHash('sha256').update(source).update(cachedData).digest();
  return Buffer.concat([digest, cachedData]);
}
