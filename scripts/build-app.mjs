/**
 * Bundles one app or tool into dist/<its folder>/main.js, or into the folder EXREC_BUNDLE_DIR.
 * Workspace packages are compiled in from source; npm packages stay external.
 * Run by Nx in the project's own folder, and by tests that start an app as a process.
 */
import { build } from 'esbuild';
import { relative, resolve } from 'node:path';

const workspaceRoot = resolve(import.meta.dirname, '..');
const projectDir = process.cwd();
const outDir =
  process.env.EXREC_BUNDLE_DIR ??
  resolve(workspaceRoot, 'dist', relative(workspaceRoot, projectDir));

const npmPackagesExternal = {
  name: 'npm-packages-external',
  setup(pluginBuild) {
    pluginBuild.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
      kind === 'entry-point' || path.startsWith('@exrec/') ? undefined : { path, external: true },
    );
  },
};

await build({
  absWorkingDir: projectDir,
  entryPoints: ['src/main.ts'],
  outfile: resolve(outDir, 'main.js'),
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  sourcemap: true,
  conditions: ['@exrec/source'],
  plugins: [npmPackagesExternal],
  logLevel: 'warning',
});
