import { setMaxListeners } from 'node:events';
import {
  createServiceApp,
  InstanceAnnouncement,
  keyspace,
  redisCheck,
  routes,
  type RunningService,
} from '@exrec/service-kit';
import { startBackground, type Background } from './background.js';
import { watchedGc, watchedUploader } from './gc-breaker/watched-gc.js';
import { injectionAccess } from './http/access.js';
import { api } from './http/api.js';
import { Injections } from './injection/injections.js';
import type { InjectionContext } from './injection/steps/injection-context.js';
import { injectionMetrics } from './injection/worker/injection-metrics.js';
import { InjectionWorker } from './injection/worker/injection-worker.js';
import { UploadStanding } from './injection/worker/upload-standing.js';
import { connect, disconnect, type ExrpContext, type Parts } from './parts.js';
import { sealFormats } from './seal/index.js';
import { Spool } from './spool/spool.js';

const hourMs = 3_600_000;
const megabyte = 1_000_000;
/** After SIGTERM uploads may go on for this long; then they are released to another instance. */
const finishMs = 20_000;

/** Builds EXRP from its settings: connections, adapters, the workers and the HTTP app. */
export function startExrp(context: ExrpContext): RunningService {
  const { settings, logger, metrics, health, secrets } = context;
  const parts = connect(context);
  const { store, queue, redis, keys, breaker } = parts;
  const standing = new UploadStanding(parts.clock.now);
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
    breaker,
    standing,
  });
  if (settings.EXRP_SPOOL_MAX_MB <= settings.EXRP_MAX_AUDIO_MB) {
    const text =
      'EXRP_SPOOL_MAX_MB is not larger than EXRP_MAX_AUDIO_MB: the largest recordings wait for ever';
    health.warn('spool', text);
    logger.warn('settings.unsafe', { name: 'spool', text });
  }
  health.addCheck('redis', redisCheck(redis, keyspace(settings)));
  health.addCheck('clock', parts.clock.check);
  health.addCheck('webdav', () => parts.storageWatch.check());
  health.addCheck('genesys-cloud', () => parts.gc.check());
  health.addCheck('uploads', () => breaker.check() ?? standing.check());
  health.addCheck('key', () => keys.current().then(() => undefined));

  const access = injectionAccess(() => secrets.accepted('EXRP_API_TOKEN'), context.access);
  const { now } = parts.clock;
  const { all, openapi } = api({
    ...parts,
    ...{ injections, metrics: counts, now, access, prefix: keyspace(settings) },
    requestsPerMinute: settings.GC_REQUESTS_PER_MINUTE,
  });
  const handler = createServiceApp(
    { logger, health, metrics, openapi, clock: parts.clock },
    (app) => {
      app.use(routes(all));
    },
  );
  const announcement = new InstanceAnnouncement({
    ...{ redis, prefix: keyspace(settings), service: 'exrp', port: settings.EXRP_PORT },
    ...{ health, now: parts.clock.now },
  });
  let background: Background | undefined;
  return {
    handler,
    host: settings.EXRP_HOST,
    port: settings.EXRP_PORT,
    begin: async () => {
      announcement.start();
      // Only who has the port may empty the spool that goes with it.
      const leftovers = await forInjections.spool.open();
      if (leftovers > 0) logger.info('spool.cleaned', { files: leftovers });
      // Its claims can be told from those of the dead before it makes any.
      await parts.instance.join();
      background = startBackground(context, parts, { worker, counts });
    },
    stop: async () => {
      parts.clock.forget();
      await announcement.stop();
      const overdue = setTimeout(() => release.abort(), finishMs);
      await background?.stop();
      clearTimeout(overdue);
      await parts.instance.leave();
      await disconnect(parts);
    },
  };
}

function injectionContext(
  { settings }: ExrpContext,
  { clock, recordings, keys, gc, uploader, breaker, uploadHosts }: Parts,
): InjectionContext {
  const spool = new Spool({
    dir: settings.EXRP_SPOOL_DIR,
    instance: `${settings.EXRP_PORT}`,
    maxBytes: settings.EXRP_SPOOL_MAX_MB * megabyte,
  });
  return {
    recordings,
    keys,
    gc: watchedGc(gc, breaker),
    uploader: watchedUploader(uploader, breaker),
    sealFormat: sealFormats[settings.EXRP_ENCRYPTION],
    spool,
    uploadHosts,
    maxAudioBytes: settings.EXRP_MAX_AUDIO_MB * megabyte,
    now: clock.now,
  };
}
