/**
 * Bundles one app or tool into dist/<its folder>, or into the folder EXREC_BUNDLE_DIR, as main.js.
 * Workspace packages are compiled in from source, and npm packages with them: the folder runs with nothing but
 * Node.js. Why it is a CommonJS file: docs/adr/0001-workspace.md.
 * Run by Nx in the project's own folder, and by tests that start an app as a process.
 */
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';

const workspaceRoot = resolve(import.meta.dirname, '..');
const projectDir = process.cwd();
const outDir =
  process.env.EXREC_BUNDLE_DIR ??
  resolve(workspaceRoot, 'dist', relative(workspaceRoot, projectDir));

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
  outfile: join(outDir, 'main.js'),
  bundle: true,
  loader: { '.lua': 'text' },
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  // An ES module among the packages asks where it lies.
  define: { 'import.meta.url': 'moduleUrl', EXREC_BUILD: JSON.stringify(buildInfo()) },
  banner: { js: `const moduleUrl = require('node:url').pathToFileURL(__filename).href;` },
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
// The workspace says "module" of every .js file below it.
await writeFile(join(outDir, 'package.json'), '{ "type": "commonjs" }\n');

/** The release and the commit that this is built from; a work tree with changes is told from its commit. */
function buildInfo() {
  const { version } = JSON.parse(readFileSync(join(workspaceRoot, 'package.json'), 'utf8'));
  const describe = ['describe', '--always', '--dirty', '--abbrev=12', '--exclude=*'];
  const { stdout } = spawnSync('git', describe, { cwd: workspaceRoot, encoding: 'utf8' });
  return { version, commit: process.env.EXREC_BUILD_COMMIT ?? (stdout?.trim() || 'unknown') };
}
