/** `npm run docs`: writes the documents that are made from code. */
import { build } from 'esbuild';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { metricsDocument } from './metrics-document.mjs';
import { workspaceRoot } from './progress.mjs';
import { wordsDocument } from './words-document.mjs';

const bundle = join(workspaceRoot, '.run', 'docs', 'configuration-document.mjs');
await build({
  entryPoints: [join(workspaceRoot, 'libs/service-kit/src/settings/configuration-document.ts')],
  outfile: bundle,
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
});
const { configurationDocument } = await import(pathToFileURL(bundle).href);
mkdirSync(join(workspaceRoot, 'docs'), { recursive: true });
writeFileSync(join(workspaceRoot, 'docs', 'configuration.md'), configurationDocument());
writeFileSync(join(workspaceRoot, 'docs', 'metrics.md'), await metricsDocument());
writeFileSync(join(workspaceRoot, 'docs', 'operate', 'words.md'), await wordsDocument());
