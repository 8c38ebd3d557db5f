export { callEventKinds, callTypes, partyStates, partyTypes } from './call-event.js';
export type { CallEvent, CallEventKind, CallType, PartyState, PartyType } from './call-event.js';
export { endOf, type EndDecision, type EndFacts, type EndReason } from './end.js';
export { capRank, compareEvents } from './event-order.js';
export { defaultMaxEvents, foldInteraction, type Settled } from './fold.js';
export type {
  Call,
  Direction,
  Interaction,
  InteractionFlag,
  LogEntry,
  Membership,
  Party,
  Pin,
  PresenceInterval,
  PresenceName,
  QueueVisit,
  UserDataChange,
  VisitName,
} from './interaction.js';
export {
  canonicalJson,
  isJsonArray,
  isJsonObject,
  ownValue,
  textOf,
  type JsonObject,
  type JsonValue,
} from './json-value.js';
export { matchesGlob } from './glob.js';
export { agentsHeard } from './parties.js';
export { pausesOf, type PauseAnnotation } from './pauses.js';
export { conversationRootOf } from './pins.js';
export { scopeOf, type ScopeDecision, type ScopeSubject, type SyncScope } from './scope.js';
export type { HistoryEntry, MetadataFlag, SegmentMetadata } from './segment-metadata.js';
export {
  attributeSegment,
  attributeSegments,
  type KeyNames,
  type SegmentAttribution,
  type SegmentCandidate,
} from './segments.js';
export { parseTime } from './time-text.js';
export { userDataAt, userDataValueAt } from './user-data.js';
