export { completeMetadata, serializeGcMetadata } from './complete.js';
export {
  communicationIdOf,
  conversationIdOf,
  deterministicUuid,
  gcEventIdOf,
  recordingIdOf,
  type IdKind,
} from './ids.js';
export { injectionRequestSchema, type InjectionRequest } from './injection-request.js';
export { isMediaId, mediaIdSchema, parseMediaId } from './media-id.js';
export { gcMetadataJsonSchema } from './published-schema.js';
export {
  readGcMetadata,
  readGcMetadataRequest,
  type MetadataFault,
  type MetadataReading,
} from './read.js';
export { GC_METADATA_SCHEMA_VERSION, gcMetadataRequestSchema, gcMetadataSchema } from './schema.js';
export {
  STA_REASONS,
  speechAndTextAnalyticsSchema,
  type StaReason,
} from './speech-and-text-analytics.js';
export type {
  Annotation,
  AudioPart,
  Direction,
  EncryptionPart,
  GcMetadata,
  GcMetadataRequest,
  QueueReference,
  RecordedParty,
  SpeechAndTextAnalytics,
} from './types.js';
