import {
  connectGc,
  defaultUploadHosts,
  type GcApi,
  type GcStanding,
  type OutboundAgents,
} from '@exrec/gc-api';
import { createWebdavRecordingStore, type RecordingStore } from '@exrec/recording-store';
import {
  connectRedis,
  keyspace,
  redisClock,
  type RedisClient,
  type RedisClock,
  type ServiceContext,
} from '@exrec/service-kit';
import type { exrpSettingNames } from './config.js';
import { Instance } from './fleet/instances.js';
import { BreakerStore } from './gc-breaker/breaker-store.js';
import { GcBreaker } from './gc-breaker/gc-breaker.js';
import { prober } from './gc-breaker/watched-gc.js';
import { InjectionQueue } from './injection/injection-queue.js';
import { InjectionStore } from './injection/store/injection-store.js';
import { KeySource } from './keys/index.js';
import { deleteAtOnce, type DeleteAtOnce } from './retention/delete-at-once.js';
import { SeenFiles } from './retention/seen-files.js';
import { Outages, type Outage } from './retention/outages.js';
import { addMissingJobs } from './upkeep/missing-jobs.js';
import { StorageWatch } from './upkeep/storage-watch.js';
import { agentsPerHost } from './upload/agents-per-host.js';
import type { UploadHostRule } from './upload/upload-hosts.js';
import { ZipUploader } from './upload/zip-uploader.js';

export type ExrpContext = ServiceContext<(typeof exrpSettingNames)[number]>;

/** What an EXRP is connected to, and what goes with each connection. */
export type Parts = {
  readonly clock: RedisClock;
  readonly instance: Instance;
  readonly outages: Outages;
  readonly seenFiles: SeenFiles;
  readonly redis: RedisClient;
  readonly workerRedis: RedisClient;
  readonly gc: GcApi & GcStanding;
  readonly breaker: GcBreaker;
  readonly uploader: ZipUploader;
  readonly recordings: RecordingStore;
  readonly storageWatch: StorageWatch;
  readonly deleteAtOnce: DeleteAtOnce;
  readonly keys: KeySource;
  readonly store: InjectionStore;
  readonly queue: InjectionQueue;
  readonly uploadHosts: UploadHostRule;
  readonly agentsFor: (url: string) => OutboundAgents;
};

/** An outage of Genesys Cloud that lasts for so long is one that retention waits after. */
const outageAfterMs = 30_000;
/** Workers have taken up again by then what they had when Redis went away. */
const redisSettlesMs = 5_000;

/** Connects to everything; nothing of it has to be there yet. */
export function connect({ settings, logger, metrics, secrets }: ExrpContext): Parts {
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
  const recordEnd = (what: Outage) =>
    clock.whenKnown(() => void outages.record(what, clock.now()).catch(() => undefined));
  const queue = new InjectionQueue({ prefix, connection: redis });
  const restoreJobs = () =>
    addMissingJobs(store, queue, {
      logger,
      nowMs: clock.now(),
      patienceMs: redisSettlesMs,
    }).catch((error: unknown) => logger.debug('injections.jobs-not-restored', { error }));
  const instance = new Instance({
    redis,
    prefix,
    onFirst: () => recordEnd('exrp'),
    onRedisBack: () => {
      recordEnd('redis');
      setTimeout(() => void restoreJobs(), redisSettlesMs).unref();
    },
  });
  const store = new InjectionStore(redis, prefix, {
    logger,
    now: clock.now,
    instanceId: instance.id,
    ledger: settings.EXREC_LEDGER,
  });
  const agentsFor = agentsPerHost(settings);
  const uploader = new ZipUploader({ agentsFor });
  const uploadHosts = {
    hosts:
      settings.EXRP_UPLOAD_HOSTS ??
      defaultUploadHosts({ region: settings.GC_REGION, apiUrl: settings.GC_API_URL }),
    allowInsecure: settings.EXRP_ALLOW_INSECURE_UPLOAD,
  };
  const breaker = new GcBreaker({
    store: new BreakerStore(redis, prefix),
    probe: prober({ gc, uploader, uploadHosts }),
    onOutage: ({ lastedMs }) => {
      if (lastedMs > outageAfterMs) recordEnd('genesys-cloud');
    },
    logger,
  });
  metrics.gaugeAtScrape(
    'exrec_gc_outage_seconds',
    'how long Genesys Cloud or S3 has been away; 0 while they are there',
    () => (breaker.outage?.lastedMs ?? 0) / 1000,
  );
  return {
    clock,
    breaker,
    uploader,
    storageWatch: new StorageWatch({ recordings, outages, now: clock.now }),
    instance,
    outages,
    seenFiles: new SeenFiles(redis, prefix),
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
    store,
    queue,
    uploadHosts,
    agentsFor,
  };
}

export async function disconnect(parts: Parts): Promise<void> {
  const { queue, gc, recordings, clock, redis, workerRedis } = parts;
  await queue.close();
  gc.close();
  recordings.close();
  clock.stop();
  workerRedis.disconnect();
  redis.disconnect();
}
