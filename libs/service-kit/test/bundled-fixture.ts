import { join } from 'node:path';
import { build } from 'esbuild';

/**
 * Bundles `test/fixtures/<name>.ts` for a process of its own.
 * @returns the file to run; it lies inside the workspace, so that npm packages are found
 */
export async function bundledFixture(name: string): Promise<string> {
  const outfile = join(__dirname, '../../../.run/test-apps', `${process.pid}`, `${name}.cjs`);
  await build({
    entryPoints: [join(__dirname, 'fixtures', `${name}.ts`)],
    outfile,
    bundle: true,
    loader: { '.lua': 'text' },
    platform: 'node',
    target: 'node20',
    // As scripts/build-app.mjs does it: reading hundreds of files takes most of the start.
    format: 'cjs',
    minifyWhitespace: true,
    conditions: ['@exrec/source'],
    define: { 'import.meta.url': 'moduleUrl' },
    banner: { js: `const moduleUrl = require('node:url').pathToFileURL(__filename).href;` },
    // It serves files of its own folder.
    external: ['swagger-ui-dist'],
    logLevel: 'warning',
  });
  return outfile;
}
