import { Clients } from './access/clients.js';
import { Gate } from './access/gate.js';
import { RateLimit } from './access/rate-limit.js';
import { Clock } from './clock.js';
import { controlEndpoints } from './control/control-endpoints.js';
import { FaultDesk } from './control/fault-desk.js';
import { conversationEndpoints } from './events/conversation-endpoints.js';
import { ConversationEvents } from './events/conversation-events.js';
import { FaultBook } from './faults/fault-book.js';
import { gcListener } from './gc-server.js';
import type { Endpoint } from './http/endpoint.js';
import { Router } from './http/router.js';
import { RecordingKeys } from './keys/recording-keys.js';
import { Ledger } from './ledger.js';
import type { CompleteOptions } from './options.js';
import { Organization } from './organization/organization.js';
import { routingEndpoints } from './organization/routing-endpoints.js';
import { staEndpoints } from './organization/sta-endpoints.js';
import { userEndpoints } from './organization/user-endpoints.js';
import { PresenceSources } from './presence/presence-sources.js';
import { OrphanRecordings } from './recordings/orphan-recordings.js';
import { RecordingBook } from './recordings/recording-book.js';
import type { Whereabouts } from './reports/upload-status.js';
import { UploadReports } from './reports/upload-reports.js';
import { Bucket } from './uploads/bucket.js';
import { ObjectStore } from './uploads/object-store.js';
import { uploadUrlEndpoint } from './uploads/upload-url.js';

/** Every part of the simulator. */
export type Parts = Awaited<ReturnType<typeof makeParts>>;

/** Puts the parts together; the one place that knows them all. */
export async function assemble(
  options: CompleteOptions,
  dataDir: string,
): Promise<{ parts: Parts; listener: ReturnType<typeof gcListener> }> {
  const parts = await makeParts(options, dataDir);
  const { bucket, gate, faults, ledger, clock } = parts;
  const control = controlEndpoints({ ...parts, fileOf: (key) => parts.store.fileOf(key) });
  const router = new Router([...parts.endpoints, ...control], bucket.endpoints());
  return { parts, listener: gcListener({ router, gate, faults, ledger, clock }) };
}

async function makeParts(options: CompleteOptions, dataDir: string) {
  const core = await makeCore(options, dataDir);
  const { clock, faults, keys, store, organization, conversations, origins } = core;
  const recordings = new RecordingBook({
    ...options,
    clock,
    fileOf: (key) => store.fileOf(key),
    findKey: (id) => keys.find(id),
  });
  const bucket: Bucket = new Bucket({
    ...options,
    store,
    faults,
    clock,
    onStored: (object) => recordings.add(object),
    textOf: (key) => reports.textOf(key),
  });
  const orphans = new OrphanRecordings({
    recordings: () => recordings.list(),
    conversations,
    clock,
  });
  const hasConversation = options.requireConversation
    ? ({ conversationId, communicationId, recordingId }: Whereabouts) =>
        orphans.attachedTo(recordingId) !== undefined ||
        conversations.isWhole(conversationId, communicationId)
    : undefined;
  const reports = new UploadReports({
    clock,
    recordings: () => recordings.list(),
    rules: { verify: options.verify, hasConversation },
    origin: () => origins.s3,
    sign: (key, request) => bucket.sign(key, request),
  });
  const endpoints: readonly Endpoint[] = [
    ...core.clients.endpoints(),
    ...keys.endpoints(),
    uploadUrlEndpoint({
      bucket,
      faults,
      clock,
      organizationId: organization.id,
      origin: () => origins.s3,
    }),
    ...reports.endpoints(),
    ...routingEndpoints(organization),
    ...staEndpoints(organization),
    ...userEndpoints(organization),
    ...conversations.endpoints(),
    ...conversationEndpoints(conversations),
    ...core.sources.endpoints(),
    ...orphans.endpoints(),
  ];
  const named = [...endpoints, ...bucket.endpoints()].map(({ target }) => target);
  const desk = new FaultDesk({ ...core, reports, orphans, targets: [...named, 'uploadUrl'] });
  return { ...core, recordings, orphans, bucket, reports, endpoints, desk };
}

/** The parts that need no other part but the clock. */
async function makeCore(options: CompleteOptions, dataDir: string) {
  const clock = new Clock();
  const clients = new Clients(options.clients, options.tokenSeconds, clock);
  const rateLimit = new RateLimit(options.requestsPerMinute, clock);
  const keys = new RecordingKeys(options.keyForm, clock);
  await keys.make(options.olderKeys);
  const store = new ObjectStore(dataDir, options.keepObjects);
  await store.open();
  const organization = new Organization(options.configuration);
  const sources = new PresenceSources();
  const conversations = new ConversationEvents({ organization, sources, clock });
  const gate = new Gate(clients, rateLimit);
  const origins = { s3: '' };
  const faults = new FaultBook();
  const ledger = new Ledger();
  return {
    clock,
    clients,
    rateLimit,
    keys,
    store,
    organization,
    conversations,
    sources,
    gate,
    origins,
    faults,
    ledger,
  };
}
