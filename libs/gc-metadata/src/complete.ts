import { gcMetadataSchema } from './schema.js';
import type { AudioPart, EncryptionPart, GcMetadata, GcMetadataRequest } from './types.js';

/**
 * Adds what only EXRP knows. Unknown fields of all three parts are kept; `audio` and `encryption`
 * that came with the request give way.
 * @throws ZodError when a part does not obey the schema: then nothing may be sealed with it
 */
export function completeMetadata(
  request: GcMetadataRequest,
  audio: AudioPart,
  encryption: EncryptionPart,
): GcMetadata {
  return gcMetadataSchema.parse({ ...request, audio, encryption });
}

/**
 * `metadata.json`: compact JSON, the fields in the order of the schema, unknown ones after the known
 * ones of their object, no line break at the end. To be written as UTF-8. The same metadata gives
 * the same bytes in every process, and parsing and printing the text again changes nothing.
 * @throws ZodError when `metadata` does not obey the schema
 */
export function serializeGcMetadata(metadata: GcMetadata): string {
  return JSON.stringify(gcMetadataSchema.parse(metadata));
}
