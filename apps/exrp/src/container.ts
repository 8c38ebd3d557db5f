import { connectGc, outboundAgents, type OutboundAgents } from '@exrec/gc-api';
import { createWebdavRecordingStore } from '@exrec/recording-store';
import {
  connectRedis,
  createServiceApp,
  keyspace,
  redisCheck,
  startWorker,
  type RunningService,
  type ServiceContext,
} from '@exrec/service-kit';
import type { exrpSettingNames } from './config.js';
import { injectionRoutes } from './http/injection-routes.js';
import { openapi } from './http/openapi.js';
import { InjectionQueue, injectionQueueName } from './injection/injection-queue.js';
import { Injections } from './injection/injections.js';
import type { InjectionContext } from './injection/steps/injection-context.js';
import { InjectionStore } from './injection/store/injection-store.js';
import { injectionMetrics } from './injection/worker/injection-metrics.js';
import { InjectionWorker, type InjectionJob } from './injection/worker/injection-worker.js';
import { KeySource } from './keys/index.js';
import { containers } from './seal/index.js';
import { Spool } from './spool/spool.js';
import { ZipUploader } from './upload/zip-uploader.js';

export type ExrpContext = ServiceContext<(typeof exrpSettingNames)[number]>;

const hourMs = 3_600_000;
const megabyte = 1_000_000;
/** After SIGTERM uploads may go on for this long; then they are released to another instance. */
const finishMs = 20_000;

/** Builds EXRP from its settings: connections, adapters, the worker and the HTTP app. */
export async function startExrp(context: ExrpContext): Promise<RunningService> {
  const { settings, logger, metrics, health } = context;
  const prefix = keyspace(settings);
  const redis = connectRedis({ settings, role: 'command', logger });
  const workerRedis = connectRedis({ settings, role: 'worker', logger });
  const gc = connectGc({ settings, redis, logger, metrics });
  const store = new InjectionStore(redis, prefix);
  const queue = new InjectionQueue({ prefix, connection: redis });
  const injections = new Injections({
    store,
    queue,
    logger,
    audioDeadlineMs: settings.EXRP_AUDIO_DEADLINE_HOURS * hourMs,
  });
  const keyChanges = metrics.counter(
    'exrec_key_changes_total',
    'changes of the fingerprint recordings are sealed to',
  );
  const keys = new KeySource({
    gc,
    redis,
    prefix,
    refreshMs: settings.GC_KEY_REFRESH_SECONDS * 1000,
    logger,
    onChange: () => keyChanges.inc(),
  });
  const recordings = createWebdavRecordingStore({
    url: settings.WEBDAV_URL,
    username: settings.WEBDAV_USERNAME,
    password: settings.WEBDAV_PASSWORD,
  });
  const spool = new Spool({
    dir: settings.EXRP_SPOOL_DIR,
    instance: `${settings.EXRP_PORT}`,
    maxBytes: settings.EXRP_SPOOL_MAX_MB * megabyte,
  });
  const leftovers = await spool.open();
  if (leftovers > 0) logger.info('spool.cleaned', { files: leftovers });

  const injectionContext: InjectionContext = {
    recordings,
    keys,
    gc,
    uploader: new ZipUploader({ agentsFor: agentsPerHost(settings) }),
    container: containers[settings.EXRP_ENCRYPTION],
    spool,
    uploadHosts: {
      hosts: settings.EXRP_UPLOAD_HOSTS,
      allowInsecure: settings.EXRP_ALLOW_INSECURE_UPLOAD,
    },
    maxAudioBytes: settings.EXRP_MAX_AUDIO_MB * megabyte,
    now: Date.now,
  };
  const counts = injectionMetrics(metrics);
  const release = new AbortController();
  const worker = new InjectionWorker({
    context: injectionContext,
    store,
    metrics: counts,
    logger,
    released: release.signal,
  });

  health.addCheck('redis', redisCheck(redis));
  health.addCheck('webdav', async () => {
    await recordings.check();
    return undefined;
  });
  health.addCheck('key', async () => {
    await keys.current();
    return undefined;
  });

  const { EXRP_API_TOKEN: apiToken, ADMIN_TOKEN: adminToken } = settings;
  const handler = createServiceApp({ logger, health, metrics, openapi }, (app) => {
    app.use(
      '/api/v1',
      injectionRoutes({ injections, store, metrics: counts, apiToken, adminToken }),
    );
  });
  let running: ReturnType<typeof startWorker<InjectionJob>> | undefined;
  return {
    handler,
    host: settings.EXRP_HOST,
    port: settings.EXRP_PORT,
    begin: () => {
      running = startWorker<InjectionJob>({
        name: injectionQueueName,
        prefix,
        connection: workerRedis,
        concurrency: settings.EXRP_CONCURRENCY,
        logger,
        process: (job) => worker.process(job),
      });
      return Promise.resolve();
    },
    stop: async () => {
      const overdue = setTimeout(() => release.abort(), finishMs);
      await running?.close();
      clearTimeout(overdue);
      await queue.close();
      gc.close();
      workerRedis.disconnect();
      redis.disconnect();
    },
  };
}

/** Keep-alive agents, one pair for each host that uploads go to. */
function agentsPerHost(proxyEnv: {
  HTTPS_PROXY: string | undefined;
  NO_PROXY: string | undefined;
}) {
  const known = new Map<string, OutboundAgents>();
  return (url: string): OutboundAgents => {
    const { origin } = new URL(url);
    const agents = known.get(origin) ?? outboundAgents(url, { proxyEnv, stallMs: 120_000 });
    known.set(origin, agents);
    return agents;
  };
}
