export { maxEventsPerRequest, readCallEvents, type CallEventsReading } from './call-event-body.js';
export { readCallEvent, type CallEventReading } from './call-event-item.js';
export { isCallUUID, sameCall } from './call-uuid.js';
export { readJson, type JsonReading } from './json-text.js';
export { readMediaFile, type MediaFileContext, type MediaFileReading } from './media-file.js';
export { readMetadata, readMetadataBody, type MetadataReading } from './metadata-body.js';
export type { FieldFault, Rejection } from './rejection.js';
