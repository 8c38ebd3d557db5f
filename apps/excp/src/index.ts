/**
 * What the command line shares with EXCP, so that it reads a feed, a file of rules or RWS exactly as EXCP does
 * (docs/adr/0010-one-reading.md). Nothing here needs Redis or knows a service.
 */
export { readJson } from './collect/index.js';
export { callEventFields, readCallEvent } from './collect/call-event-item.js';
export { excpRules, settingWarnings } from './config.js';
export { contactOf } from './conversations/contact/contact-of.js';
export { emptyJournal } from './conversations/journal/journal.js';
export type { ConversationOptions, GcDirectory } from './conversations/options.js';
export { planConversation, type ConversationPlan } from './conversations/plan.js';
export { isInScope } from './conversations/planning/in-scope.js';
export { callsView } from './http/calls-view.js';
export {
  callEventKinds,
  callTypes,
  foldInteraction,
  isJsonArray,
  isJsonObject,
  matchesGlob,
  ownValue,
  partyStates,
  partyTypes,
  scopeOf,
  userDataValueAt,
  type CallEvent,
  type Interaction,
  type JsonObject,
  type JsonValue,
  type Party,
  type QueueVisit,
  type ScopeDecision,
  type SegmentMetadata,
  type SyncScope,
} from './interaction/index.js';
export { orderEvents } from './interaction/feed/event-order.js';
export { grouped } from './interaction/feed/grouped.js';
export type { FileProblem, HybridIntegration } from './rules/hybrid-integration.js';
export { readHybridIntegration } from './rules/read-hybrid-integration.js';
export { emailsOf, userIdIn } from './sta-config/user-ids.js';
export { readConfiguration } from './sta-config/read-configuration.js';
export { RwsClient, type RwsClientOptions } from './rws/rws-client.js';
export type { RwsRecording } from './rws/rws-recording.js';
