import * as z from 'zod';
import { GC_METADATA_SCHEMA_VERSION, gcMetadataRequestSchema, gcMetadataSchema } from './schema.js';
import type { GcMetadata, GcMetadataRequest } from './types.js';

/** A JSON pointer (RFC 6901) and what is wrong there; never the value, which may be personal data. */
export type MetadataFault = { readonly pointer: string; readonly detail: string };

export type MetadataReading<T> =
  | { readonly kind: 'ok'; readonly metadata: T }
  /** Written by a newer release: hold it, it is neither broken nor ours to judge. */
  | {
      readonly kind: 'newer-version';
      readonly schemaVersion: number;
      /** Where a newer version still has it in our form. */
      readonly recordingId: string | null;
    }
  | { readonly kind: 'invalid'; readonly faults: readonly MetadataFault[] };

/** Reads what EXCP sent. Unknown fields are kept; nothing is thrown. */
export function readGcMetadataRequest(input: unknown): MetadataReading<GcMetadataRequest> {
  return newerVersion(input) ?? reading(gcMetadataRequestSchema.safeParse(input));
}

/** Reads a complete `metadata.json`. Unknown fields are kept; nothing is thrown. */
export function readGcMetadata(input: unknown): MetadataReading<GcMetadata> {
  return newerVersion(input) ?? reading(gcMetadataSchema.safeParse(input));
}

const newerSchema = z.object({
  schemaVersion: z.int().gt(GC_METADATA_SCHEMA_VERSION),
  recordingId: gcMetadataRequestSchema.shape.recordingId.nullable().catch(null),
});

function newerVersion(input: unknown): MetadataReading<never> | undefined {
  const newer = newerSchema.safeParse(input);
  return newer.success ? { kind: 'newer-version', ...newer.data } : undefined;
}

function reading<T>(result: z.ZodSafeParseResult<T>): MetadataReading<T> {
  if (result.success) return { kind: 'ok', metadata: result.data };
  const faults = result.error.issues.map(({ path, message }) => ({
    pointer: path.map(pointerToken).join(''),
    detail: message,
  }));
  return { kind: 'invalid', faults };
}

function pointerToken(key: PropertyKey): string {
  return `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
