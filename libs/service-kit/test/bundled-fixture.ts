import { join } from 'node:path';
import { build } from 'esbuild';

/**
 * Bundles `test/fixtures/<name>.ts` for a process of its own.
 * @returns the file to run; it lies inside the workspace, so that npm packages are found
 */
export async function bundledFixture(name: string): Promise<string> {
  const outfile = join(__dirname, '../../../.run/test-apps', `${process.pid}`, `${name}.mjs`);
  await build({
    entryPoints: [join(__dirname, 'fixtures', `${name}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    packages: 'external',
    logLevel: 'warning',
  });
  return outfile;
}
