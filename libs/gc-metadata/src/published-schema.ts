import schemaFile from '../schema/gc-metadata.v1.schema.json' with { type: 'json' };

/** The kept JSON Schema file, as `GET /api/v1/schemas/gc-metadata` publishes it. */
export const gcMetadataJsonSchema: Readonly<Record<string, unknown>> = schemaFile;
