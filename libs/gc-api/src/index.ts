export { connectGc, type ConnectGcOptions, type GcSettings } from './connect/connect-gc.js';
export { gcClients, type GcClientSettings } from './connect/gc-clients.js';
export { gcConnectionRule } from './connect/gc-connection-rule.js';
export {
  createGcApi,
  type GcApi,
  type GcClientStanding,
  type GcStanding,
  type GcApiOptions,
} from './gc-api.js';
export {
  awsRegionOf,
  defaultUploadHosts,
  gcHosts,
  type GcHosts,
  type GcHostOptions,
} from './hosts/gc-hosts.js';
export type { CallKind, RateBudget, RateSignal } from './budget/rate-budget.js';
export { readBudgets, type BudgetStanding } from './budget/read-budgets.js';
export { memoryRateBudget, redisRateBudget } from './budget/rate-budgets.js';
export { maxBatchBytes, refusesContent } from './calls/conversation-events.js';
export type {
  ConversationEvent,
  ConversationEventBatch,
  ConversationEventError,
  InjectOptions,
} from './calls/conversation-events.js';
export type { OrphanRecording } from './calls/orphan-recordings.js';
export type { PresenceSource } from './calls/presence-sources.js';
export type { RecordingKey } from './calls/recording-keys.js';
export type { GcQueue, TranscriptionSettings } from './calls/routing.js';
export type { Program, ProgramMapping, StaSettings } from './calls/speech-analytics.js';
export type { UploadReport, UploadReportRequest, UploadStatus } from './calls/upload-reports.js';
export type { Upload, UploadRequest } from './calls/uploads.js';
export type { GcUser } from './calls/users.js';
export { clientKeyOf, type GcCredentials } from './oauth/oauth-client.js';
export type { CallReport } from './request/call-report.js';
export type { CallOptions } from './request/gc-request.js';
export { outboundAgents, type OutboundAgents, type ProxyEnv } from './transport/outbound-agents.js';
