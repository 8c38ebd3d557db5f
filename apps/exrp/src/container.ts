import { setMaxListeners } from 'node:events';
import { connectGc, type GcApi, type GcStanding, type OutboundAgents } from '@exrec/gc-api';
import { createWebdavRecordingStore, type RecordingStore } from '@exrec/recording-store';
import {
  connectRedis,
  createServiceApp,
  keyspace,
  redisCheck,
  redisClock,
  routes,
  startPeriodicJobs,
  startWorker,
  type RunningService,
  type RedisClient,
  type RedisClock,
  type ServiceContext,
} from '@exrec/service-kit';
import type { exrpSettingNames } from './config.js';
import { Instance } from './fleet/instances.js';
import { injectionAccess } from './http/access.js';
import { api } from './http/api.js';
import { InjectionQueue, injectionQueueName } from './injection/injection-queue.js';
import { Injections } from './injection/injections.js';
import type { InjectionContext } from './injection/steps/injection-context.js';
import { InjectionStore } from './injection/store/injection-store.js';
import { injectionMetrics } from './injection/worker/injection-metrics.js';
import { InjectionWorker, type InjectionJob } from './injection/worker/injection-worker.js';
import { KeySource } from './keys/index.js';
import { LedgerSide } from './ledger/ledger-side.js';
import { deleteAtOnce, type DeleteAtOnce } from './retention/delete-at-once.js';
import { LatestPass } from './retention/latest-pass.js';
import { Outages, type Outage } from './retention/outages.js';
import { Retention } from './retention/retention.js';
import { SeenFiles } from './retention/seen-files.js';
import { Confirmation } from './reports/confirmation.js';
import { downloadReport } from './reports/report-download.js';
import { containers } from './seal/index.js';
import { Spool } from './spool/spool.js';
import { backlogGauges } from './upkeep/backlog-gauges.js';
import { upkeepJobs } from './upkeep/upkeep-jobs.js';
import { agentsPerHost } from './upload/agents-per-host.js';
import type { UploadHostRule } from './upload/upload-hosts.js';
import { ZipUploader } from './upload/zip-uploader.js';

export type ExrpContext = ServiceContext<(typeof exrpSettingNames)[number]>;

const hourMs = 3_600_000;
const megabyte = 1_000_000;
/** After SIGTERM uploads may go on for this long; then they are released to another instance. */
const finishMs = 20_000;

/** How often the gauges of the backlog are read from Redis, milliseconds. */
const gaugesEveryMs = 15_000;

type Parts = {
  readonly clock: RedisClock;
  readonly instance: Instance;
  readonly outages: Outages;
  readonly redis: RedisClient;
  readonly workerRedis: RedisClient;
  readonly gc: GcApi & GcStanding;
  readonly recordings: RecordingStore;
  readonly deleteAtOnce: DeleteAtOnce;
  readonly keys: KeySource;
  readonly store: InjectionStore;
  readonly queue: InjectionQueue;
  readonly uploadHosts: UploadHostRule;
  readonly agentsFor: (url: string) => OutboundAgents;
};

/** Builds EXRP from its settings: connections, adapters, the workers and the HTTP app. */
export function startExrp(context: ExrpContext): RunningService {
  const { settings, logger, metrics, health, secrets } = context;
  const parts = connect(context);
  const { store, queue, redis, recordings, keys } = parts;
  const counts = injectionMetrics(metrics);
  const injections = new Injections({
    store,
    queue,
    logger,
    now: parts.clock.now,
    audioDeadlineMs: settings.EXRP_AUDIO_DEADLINE_HOURS * hourMs,
  });
  const release = new AbortController();
  // One signal for all recordings in flight, however many: no leak, so no warning of one.
  setMaxListeners(0, release.signal);
  const forInjections = injectionContext(context, parts);
  const worker = new InjectionWorker({
    context: forInjections,
    store,
    metrics: counts,
    logger,
    released: release.signal,
    deleteAtOnce: parts.deleteAtOnce,
  });
  if (settings.EXRP_SPOOL_MAX_MB <= settings.EXRP_MAX_AUDIO_MB) {
    const text =
      'EXRP_SPOOL_MAX_MB is not larger than EXRP_MAX_AUDIO_MB: the largest recordings wait for ever';
    health.warn('spool', text);
    logger.warn('settings.unsafe', { name: 'spool', text });
  }
  health.addCheck('redis', redisCheck(redis, keyspace(settings)));
  health.addCheck('clock', parts.clock.check);
  health.addCheck('webdav', () => recordings.check().then(() => undefined));
  health.addCheck('genesys-cloud', () => parts.gc.check());
  health.addCheck('key', () => keys.current().then(() => undefined));

  const access = injectionAccess(() => secrets.accepted('EXRP_API_TOKEN'), context.access);
  const { all, openapi } = api({ injections, store, recordings, metrics: counts, access });
  const handler = createServiceApp({ logger, health, metrics, openapi }, (app) => {
    app.use(routes(all));
  });
  let background: Background | undefined;
  return {
    handler,
    host: settings.EXRP_HOST,
    port: settings.EXRP_PORT,
    begin: async () => {
      // Only who has the port may empty the spool that goes with it.
      const leftovers = await forInjections.spool.open();
      if (leftovers > 0) logger.info('spool.cleaned', { files: leftovers });
      // Its claims can be told from those of the dead before it makes any.
      await parts.instance.join();
      background = startBackground(context, parts, worker);
    },
    stop: async () => {
      const overdue = setTimeout(() => release.abort(), finishMs);
      await background?.stop();
      clearTimeout(overdue);
      await parts.instance.leave();
      await disconnect(parts);
    },
  };
}

function connect({ settings, logger, metrics, secrets }: ExrpContext): Parts {
  const prefix = keyspace(settings);
  const redis = connectRedis({ settings, role: 'command', logger });
  const clock = redisClock({ redis, prefix, logger, metrics });
  clock.start();
  const gc = connectGc({ settings, redis, logger, metrics, secrets });
  const recordings = createWebdavRecordingStore({
    url: settings.WEBDAV_URL,
    username: settings.WEBDAV_USERNAME,
    password: settings.WEBDAV_PASSWORD,
  });
  const keyChanges = metrics.counter(
    'exrec_key_changes_total',
    'changes of the fingerprint recordings are sealed to',
  );
  const outages = new Outages(redis, prefix);
  const noteEnd = (what: Outage) => void outages.note(what, clock.now()).catch(() => undefined);
  const instance = new Instance({ redis, prefix, onFirst: () => noteEnd('exrp') });
  let wasReady = false;
  redis.on('ready', () => {
    if (wasReady) noteEnd('redis');
    wasReady = true;
  });
  return {
    clock,
    instance,
    outages,
    redis,
    workerRedis: connectRedis({ settings, role: 'worker', logger }),
    gc,
    recordings,
    deleteAtOnce: deleteAtOnce({ recordings, deleteWhen: settings.EXRP_DELETE_WHEN, logger }),
    keys: new KeySource({
      gc,
      redis,
      prefix,
      refreshMs: settings.GC_KEY_REFRESH_SECONDS * 1000,
      logger,
      now: clock.now,
      onChange: () => keyChanges.inc(),
    }),
    store: new InjectionStore(redis, prefix, {
      logger,
      now: clock.now,
      instanceId: instance.id,
      ledger: settings.EXREC_LEDGER,
    }),
    queue: new InjectionQueue({ prefix, connection: redis }),
    uploadHosts: {
      hosts: settings.EXRP_UPLOAD_HOSTS,
      allowInsecure: settings.EXRP_ALLOW_INSECURE_UPLOAD,
    },
    agentsFor: agentsPerHost(settings),
  };
}

function injectionContext(
  { settings }: ExrpContext,
  { clock, recordings, keys, gc, uploadHosts, agentsFor }: Parts,
): InjectionContext {
  const spool = new Spool({
    dir: settings.EXRP_SPOOL_DIR,
    instance: `${settings.EXRP_PORT}`,
    maxBytes: settings.EXRP_SPOOL_MAX_MB * megabyte,
  });
  return {
    recordings,
    keys,
    gc,
    uploader: new ZipUploader({ agentsFor }),
    container: containers[settings.EXRP_ENCRYPTION],
    spool,
    uploadHosts,
    maxAudioBytes: settings.EXRP_MAX_AUDIO_MB * megabyte,
    now: clock.now,
  };
}

type Background = { stop(): Promise<void> };

/** The workers: injections, and what is done every now and then. */
function startBackground(
  { settings, logger, metrics, health }: ExrpContext,
  parts: Parts,
  worker: InjectionWorker,
): Background {
  const { clock, store, queue, gc, recordings, redis, workerRedis, uploadHosts, agentsFor } = parts;
  const prefix = keyspace(settings);
  const retentionMs = settings.EXRP_RETENTION_HOURS * hourMs;
  const reportIntervalMs = settings.EXRP_REPORT_INTERVAL_MINUTES * 60_000;
  const injecting = startWorker<InjectionJob>({
    name: injectionQueueName,
    prefix,
    connection: workerRedis,
    concurrency: settings.EXRP_CONCURRENCY,
    logger,
    process: (job) => worker.process(job),
  });
  const seenFiles = new SeenFiles(redis, prefix);
  const ledgerSide = new LedgerSide({
    redis,
    prefix,
    store,
    ledger: settings.EXREC_LEDGER,
    clock,
    logger,
  });
  ledgerSide.watch(metrics, health);
  const latestPass = new LatestPass(redis, prefix);
  const retention = new Retention({
    retentionMs,
    deleteWhen: settings.EXRP_DELETE_WHEN,
    recordings,
    store,
    seenFiles,
    outages: parts.outages,
    latestPass,
    logger,
    clock,
  });
  const download = (url: string) => downloadReport(url, { agentsFor, hosts: uploadHosts });
  const upkeep = startPeriodicJobs({
    queueName: 'exrp-upkeep',
    prefix,
    commandConnection: redis,
    workerConnection: workerRedis,
    logger,
    jobs: [
      ...ledgerSide.jobs,
      ...upkeepJobs({
        store,
        queue,
        confirmation: new Confirmation({
          gc,
          store,
          download,
          logger,
          now: parts.clock.now,
          pollMs: reportIntervalMs / 10,
          deleteAtOnce: parts.deleteAtOnce,
          onRejected: () => parts.keys.reject(),
        }),
        retention,
        seenFiles,
        retentionMs,
        clock,
        reportIntervalMs,
        logger,
        metrics,
      }),
    ],
  });
  const gauges = backlogGauges({ metrics, store, queue, latestPass });
  const timer = setInterval(() => {
    Promise.all([gauges.refresh(clock.now()), ledgerSide.refresh()]).catch((error: unknown) =>
      logger.debug('gauges.not-read', { error }),
    );
  }, gaugesEveryMs);
  return {
    stop: async () => {
      clearInterval(timer);
      await Promise.all([injecting.close(), upkeep.close()]);
    },
  };
}

async function disconnect(parts: Parts): Promise<void> {
  const { queue, gc, recordings, clock, redis, workerRedis } = parts;
  await queue.close();
  gc.close();
  recordings.close();
  clock.stop();
  workerRedis.disconnect();
  redis.disconnect();
}
