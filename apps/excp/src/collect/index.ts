export { readCallEvents } from './call-event-body.js';
export { readCallEvent } from './call-event-item.js';
export { isCallUUID, sameCall } from './call-uuid.js';
export { readJson } from './json-text.js';
export { readMediaFile } from './media-file.js';
export { readMetadata, readMetadataBody, type MetadataReading } from './metadata-body.js';
export type { Rejection } from './rejection.js';
