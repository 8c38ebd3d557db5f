// Writes schema/gc-metadata.v1.schema.json from the zod schema: node libs/gc-metadata/scripts/write-json-schema.mjs
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { format, resolveConfig } from 'prettier';

const file = fileURLToPath(new URL('../schema/gc-metadata.v1.schema.json', import.meta.url));
const bundle = await build({
  entryPoints: [fileURLToPath(new URL('../src/json-schema.ts', import.meta.url))],
  bundle: true,
  format: 'esm',
  platform: 'node',
  write: false,
});
const { buildGcMetadataJsonSchema } = await import(
  `data:text/javascript;base64,${Buffer.from(bundle.outputFiles[0].contents).toString('base64')}`
);
const options = await resolveConfig(file);
await writeFile(
  file,
  await format(JSON.stringify(buildGcMetadataJsonSchema()), { ...options, filepath: file }),
);
