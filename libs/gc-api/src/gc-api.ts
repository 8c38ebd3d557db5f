import { performance } from 'node:perf_hooks';
import type { Failure } from '@exrec/service-kit';
import type { RateBudget } from './budget/rate-budget.js';
import {
  injectConversationEvents,
  type ConversationEventBatch,
  type ConversationEventError,
  type InjectOptions,
} from './calls/conversation-events.js';
import { attachOrphan, orphanRecordings, type OrphanRecording } from './calls/orphan-recordings.js';
import {
  createPresenceSource,
  presenceSources,
  type PresenceSource,
} from './calls/presence-sources.js';
import { recordingKeys, type RecordingKey } from './calls/recording-keys.js';
import {
  queues,
  transcriptionSettings,
  type GcQueue,
  type TranscriptionSettings,
} from './calls/routing.js';
import {
  dialects,
  programMappings,
  programs,
  staSettings,
  type Program,
  type ProgramMapping,
  type StaSettings,
} from './calls/speech-analytics.js';
import {
  createUploadReport,
  uploadReport,
  type UploadReport,
  type UploadReportRequest,
} from './calls/upload-reports.js';
import { createUpload, type Upload, type UploadRequest } from './calls/uploads.js';
import { usersByEmail, type GcUser } from './calls/users.js';
import type { GcHosts } from './hosts/gc-hosts.js';
import { OauthClient, type GcClientStanding, type GcCredentials } from './oauth/oauth-client.js';
import { AuthorisedSession } from './request/authorised-session.js';
import type { CallReport, GcLogger } from './request/call-report.js';
import type { CallOptions } from './request/gc-request.js';
import { observedTransport } from './request/observed-transport.js';
import { httpTransport, type TransportOptions } from './transport/http-transport.js';

/** The calls of Genesys Cloud that we need. All of them fail with a `Failure` and nothing else. */
export interface GcApi {
  recordingKeys(options?: CallOptions): Promise<RecordingKey[]>;
  createUpload(request: UploadRequest, options?: CallOptions): Promise<Upload>;
  createUploadReport(request: UploadReportRequest, options?: CallOptions): Promise<UploadReport>;
  uploadReport(id: string, options?: CallOptions): Promise<UploadReport>;
  transcriptionSettings(options?: CallOptions): Promise<TranscriptionSettings>;
  queues(options?: CallOptions): Promise<GcQueue[]>;
  staSettings(options?: CallOptions): Promise<StaSettings>;
  programMappings(options?: CallOptions): Promise<ProgramMapping[]>;
  programs(options?: CallOptions): Promise<Program[]>;
  dialects(options?: CallOptions): Promise<string[]>;
  usersByEmail(emails: readonly string[], options?: CallOptions): Promise<GcUser[]>;
  injectConversationEvents(
    batch: ConversationEventBatch,
    options?: InjectOptions,
  ): Promise<ConversationEventError[]>;
  presenceSources(options?: CallOptions): Promise<PresenceSource[]>;
  createPresenceSource(name: string, options?: CallOptions): Promise<PresenceSource>;
  orphanRecordings(options?: CallOptions): Promise<OrphanRecording[]>;
  attachOrphan(
    request: { readonly orphanId: string; readonly conversationId: string },
    options?: CallOptions,
  ): Promise<void>;
  /** Closes idle connections. */
  close(): void;
}

/** Whether a person has to do something at Genesys Cloud's side. */
export type GcStanding = {
  /** For readiness: refused OAuth clients and denied permissions (docs/design/CONTRACTS.md#15-every-service-in-addition-to-7). */
  check(): { readonly degraded: string } | undefined;
  /** Each OAuth client, and whether it is refused now. */
  clients(): readonly GcClientStanding[];
  /** The present time by GC's clock, epoch ms, as its latest answer tells (whole seconds); undefined before the first. */
  nowMs(): number | undefined;
};

export type { GcClientStanding };

export type GcApiOptions = TransportOptions & {
  readonly hosts: GcHosts;
  /** `GC_CLIENT_ID` and its secret, or all of `GC_CLIENTS_FILE`. */
  readonly clients: readonly GcCredentials[];
  readonly budget: RateBudget;
  readonly logger: GcLogger;
  /** Epoch ms; default `Date.now`. */
  readonly now?: () => number;
  /** What the lives of tokens are measured by, in ms; default `performance.now`, which no set clock disturbs. */
  readonly monotonicNow?: () => number;
  readonly onCall?: (report: CallReport) => void;
  /** GC refuses a client (unknown, wrong secret, token worthless): it is set aside for a minute. */
  readonly onClientRefused?: (clientKey: string, failure: Failure) => void;
};

/** The GC client, wired: transport, OAuth clients, budget, calls. */
export function createGcApi(options: GcApiOptions): GcApi & GcStanding {
  const { hosts, budget, logger, onCall, now = Date.now } = options;
  const { monotonicNow = () => performance.now() } = options;
  const plainTransport = httpTransport([hosts.apiUrl, hosts.loginUrl], options);
  let clockAheadMs: number | undefined;
  const observed = (report: CallReport) => {
    clockAheadMs = report.clockAheadMs ?? clockAheadMs;
    onCall?.(report);
  };
  const transport = observedTransport(plainTransport, { logger, onCall: observed, now });
  const clients = options.clients.map(
    (credentials) =>
      new OauthClient(credentials, {
        loginUrl: hosts.loginUrl,
        send: (request) => transport.send(request),
        now: monotonicNow,
        onRefused: (clientKey, failure) => {
          logger.error('gc.client-refused', { clientKey, detail: failure.detail });
          options.onClientRefused?.(clientKey, failure);
        },
      }),
  );
  const session = new AuthorisedSession({
    apiUrl: hosts.apiUrl,
    clients,
    budget,
    transport,
    logger,
  });
  return {
    recordingKeys: (call) => recordingKeys(session, call),
    createUpload: (request, call) => createUpload(session, request, call),
    createUploadReport: (request, call) => createUploadReport(session, request, call),
    uploadReport: (id, call) => uploadReport(session, id, call),
    transcriptionSettings: (call) => transcriptionSettings(session, call),
    queues: (call) => queues(session, call),
    staSettings: (call) => staSettings(session, call),
    programMappings: (call) => programMappings(session, call),
    programs: (call) => programs(session, call),
    dialects: (call) => dialects(session, call),
    usersByEmail: (emails, call) => usersByEmail(session, emails, call),
    injectConversationEvents: (batch, call) => injectConversationEvents(session, batch, call),
    presenceSources: (call) => presenceSources(session, call),
    createPresenceSource: (name, call) => createPresenceSource(session, name, call),
    orphanRecordings: (call) => orphanRecordings(session, call),
    attachOrphan: (request, call) => attachOrphan(session, request, call),
    check: () => session.check(),
    clients: () => clients.map((client) => client.standing()),
    nowMs: () => (clockAheadMs === undefined ? undefined : now() + clockAheadMs),
    close: () => transport.close(),
  };
}
