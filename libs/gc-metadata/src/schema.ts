import * as z from 'zod';
import { mediaIdSchema } from './media-id.js';
import { speechAndTextAnalyticsSchema } from './speech-and-text-analytics.js';

/** The version this code writes. Optional fields may join it; anything else is a new version. */
export const GC_METADATA_SCHEMA_VERSION = 1;

// Every object is loose: what a newer sender adds is kept and passed on, at every level.
// The order of the fields here is their order in `metadata.json`.

const text = z.string().min(1);
const count = z.int().nonnegative();
const time = z.iso.datetime({ precision: 3, error: 'must be like 2026-03-02T09:15:04.000Z' });
const uuid = z
  .string()
  .regex(
    /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    'must be a lower-case UUIDv4',
  );
/** An open vocabulary: new words need no new version. */
const word = z.string().regex(/^[a-z][a-z0-9-]*$/, 'must be a lower-case word');

export const queueSchema = z.looseObject({
  name: text.describe('The Engage name'),
  id: text.nullable().describe('The GC queue; null: not in GC, or no GC configuration was there'),
});

export const annotationSchema = z.looseObject({
  type: word.describe('`pause`: recording was paused'),
  offsetMs: count.describe('From the start of the recording'),
  durationMs: count,
});

export const audioSchema = z.looseObject({
  fileName: text.describe('The encrypted entry in the ZIP'),
  originalFileName: mediaIdSchema.describe('The mediaId: the name the media server gave'),
  contentType: text,
  sizeBytes: z.int().positive().describe('Before encryption'),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .describe('Before encryption, lower-case hex'),
  channels: z.int().positive(),
  durationMs: count.describe('As measured in the audio'),
});

export const encryptionSchema = z.looseObject({
  container: z.enum(['openpgp', 'cms']),
  keyId: text.describe('Id of the GC key entity'),
  fingerprint: z
    .string()
    .regex(/^[0-9A-F]{40}(?:[0-9A-F]{24})?$/, 'must be 40 or 64 upper-case hex digits')
    .describe('Of the primary key'),
});

/** What EXCP sends to EXRP: everything but `audio` and `encryption`. */
export const gcMetadataRequestSchema = z.looseObject({
  schemaVersion: z.literal(GC_METADATA_SCHEMA_VERSION),
  recordingId: uuid,
  conversationId: uuid,
  communicationId: uuid,
  interactionId: text.describe("The root call's callUUID"),
  mediaType: z.literal('call'),
  direction: z.enum(['inbound', 'outbound', 'internal']),
  startTime: time,
  endTime: time,
  durationMs: count,
  ani: text.nullable().describe('null: not known'),
  dnis: text.nullable().describe('null: not known'),
  recordedParty: z.enum(['agent', 'trunk']),
  agent: z
    .looseObject({
      id: text.nullable().describe('Engage login; null: not known'),
      dn: text.nullable().describe('null: not known'),
      userId: text.nullable().describe('The GC user; null: not known'),
    })
    .nullable()
    .describe('null on trunk recordings'),
  queue: queueSchema.nullable().describe('Origination queue; null: reached without a queue'),
  speechAndTextAnalytics: speechAndTextAnalyticsSchema,
  annotations: z.array(annotationSchema),
  flags: z.array(word).exactOptional().describe('What was unusual, e.g. `timed-out`'),
});

/** `metadata.json` beside the audio: GC-metadata, complete. */
export const gcMetadataSchema = z.looseObject({
  ...gcMetadataRequestSchema.shape,
  audio: audioSchema,
  encryption: encryptionSchema,
});
