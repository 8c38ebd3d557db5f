import * as z from 'zod';
import { gcMetadataSchema } from './schema.js';

/** The JSON Schema (draft 2020-12) of the complete GC-metadata, made from the zod schema. */
export function buildGcMetadataJsonSchema(): Record<string, unknown> {
  const { $schema, ...rules } = z.toJSONSchema(gcMetadataSchema, { target: 'draft-2020-12' });
  return {
    $schema,
    $id: 'urn:exrec:gc-metadata:1',
    title: 'GC-metadata, version 1',
    description:
      'metadata.json beside the encrypted audio of one recording. Unknown fields are allowed.',
    ...rules,
  };
}
