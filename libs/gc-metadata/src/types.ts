import type { z } from 'zod';
import type {
  annotationSchema,
  audioSchema,
  encryptionSchema,
  gcMetadataRequestSchema,
  gcMetadataSchema,
  queueSchema,
} from './schema.js';
import type { speechAndTextAnalyticsSchema } from './speech-and-text-analytics.js';

/** The fields we know. Unknown ones travel along, but no code of ours shall compile that names them. */
type Known<T> = T extends readonly (infer Item)[]
  ? readonly Known<Item>[]
  : T extends object
    ? { readonly [Key in keyof T as string extends Key ? never : Key]: Known<T[Key]> }
    : T;

export type GcMetadata = Known<z.infer<typeof gcMetadataSchema>>;
/** GC-metadata without `audio` and `encryption`. */
export type GcMetadataRequest = Known<z.infer<typeof gcMetadataRequestSchema>>;
export type SpeechAndTextAnalytics = Known<z.infer<typeof speechAndTextAnalyticsSchema>>;
export type QueueReference = Known<z.infer<typeof queueSchema>>;
export type Annotation = Known<z.infer<typeof annotationSchema>>;
export type AudioPart = Known<z.infer<typeof audioSchema>>;
export type EncryptionPart = Known<z.infer<typeof encryptionSchema>>;
export type RecordedParty = GcMetadataRequest['recordedParty'];
export type Direction = GcMetadataRequest['direction'];
