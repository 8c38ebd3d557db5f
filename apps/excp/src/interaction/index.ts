export { callEventKinds, callTypes, partyStates, partyTypes } from './feed/call-event.js';
export type { CallEvent, CallEventKind, CallType } from './feed/call-event.js';
export {
  endOf,
  refusedComesUntilMs,
  type EndDecision,
  type EndFacts,
  type EndReason,
} from './end.js';
export { capRank, compareEvents } from './feed/event-order.js';
export { defaultMaxEvents, foldInteraction, type Settled } from './fold.js';
export type {
  Call,
  Interaction,
  InteractionFlag,
  LogEntry,
  Party,
  Pin,
  PresenceName,
  QueueVisit,
  VisitName,
} from './interaction.js';
export {
  compareText,
  canonicalJson,
  isJsonArray,
  isJsonObject,
  ownValue,
  textOf,
  type JsonObject,
  type JsonValue,
} from './feed/json-value.js';
export { matchesGlob } from './segments/glob.js';
export { agentsHeard } from './contacts/parties.js';
export { pausesOf, type PauseAnnotation } from './segments/pauses.js';
export { conversationRootOf } from './contacts/pins.js';
export { scopeOf, type ScopeDecision, type SyncScope } from './segments/scope.js';
export type { HistoryEntry, MetadataFlag, SegmentMetadata } from './feed/segment-metadata.js';
export {
  attributeSegment,
  attributeSegments,
  type KeyNames,
  type SegmentAttribution,
} from './segments/segments.js';
export { parseTime } from './feed/time-text.js';
export { userDataValueAt } from './user-data.js';
