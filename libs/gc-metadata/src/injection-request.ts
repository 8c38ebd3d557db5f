import * as z from 'zod';
import type { GcMetadataRequest } from './types.js';

/**
 * The body of `POST /api/v1/injections` (docs/design/CONTRACTS.md#31-request, docs/design/CONTRACTS.md#9-clarifications (1)), as EXCP sends it and EXRP reads it. The metadata are
 * read by `readGcMetadataRequest`, which tells a newer version from a fault.
 */
export type InjectionRequest = {
  readonly audioFile: string;
  readonly metadata: GcMetadataRequest;
  readonly expectedSizeBytes?: number;
  readonly expectedDurationMs?: number;
};

export const injectionRequestSchema = z.object({
  audioFile: z.string().describe('the `mediaId`: a plain file name below WEBDAV_URL'),
  metadata: z
    .record(z.string(), z.unknown())
    .describe('GC-metadata without `audio` and `encryption`: /api/v1/schemas/gc-metadata'),
  expectedSizeBytes: z.int().nonnegative().exactOptional(),
  expectedDurationMs: z.number().nonnegative().exactOptional(),
});
