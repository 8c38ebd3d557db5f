import { keyspace, startPeriodicJobs, startWorker } from '@exrec/service-kit';
import { injectionQueueName } from './injection/injection-queue.js';
import type { InjectionMetrics } from './injection/worker/injection-metrics.js';
import type { InjectionJob, InjectionWorker } from './injection/worker/injection-worker.js';
import { LedgerSide } from './ledger/ledger-side.js';
import type { ExrpContext, Parts } from './parts.js';
import { Confirmation } from './reports/confirmation.js';
import { LatestReport } from './reports/latest-report.js';
import { downloadReport } from './reports/report-download.js';
import { LatestPass } from './retention/latest-pass.js';
import { Retention } from './retention/retention.js';
import { backlogGauges } from './upkeep/backlog-gauges.js';
import { upkeepJobs } from './upkeep/upkeep-jobs.js';

const hourMs = 3_600_000;
const minuteMs = 60_000;
/** How often the gauges of the backlog are read from Redis and the storage is looked at, milliseconds. */
const checkEveryMs = 15_000;

export type Background = { stop(): Promise<void> };

/** The workers: injections, and what is done every now and then. */
export function startBackground(
  { settings, logger, metrics, health }: ExrpContext,
  parts: Parts,
  { worker, counts }: { readonly worker: InjectionWorker; readonly counts: InjectionMetrics },
): Background {
  const { clock, store, queue, gc, recordings, redis, workerRedis, uploadHosts, agentsFor } = parts;
  const prefix = keyspace(settings);
  const retentionMs = settings.EXRP_RETENTION_HOURS * hourMs;
  const reportIntervalMs = settings.EXRP_REPORT_INTERVAL_MINUTES * minuteMs;
  const injecting = startWorker<InjectionJob>({
    name: injectionQueueName,
    prefix,
    connection: workerRedis,
    concurrency: settings.EXRP_CONCURRENCY,
    logger,
    // By the clock of a machine that is a day off every job would be due, or put off for a day.
    clock,
    process: (job) => worker.process(job),
  });
  clock.whenKnown(() => {
    void parts.breaker.start({
      onOpen: () => void injecting.pause(true),
      onClose: () => void injecting.resume(),
    });
  });
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
  const latestReport = new LatestReport(redis, prefix);
  const retention = new Retention({
    retentionMs,
    deleteWhen: settings.EXRP_DELETE_WHEN,
    recordings,
    store,
    seenFiles: parts.seenFiles,
    outages: parts.outages,
    latestPass,
    logger,
    clock,
  });
  const download = (url: string) => downloadReport(url, { agentsFor, hosts: uploadHosts });
  const upkeep = startPeriodicJobs({
    queueName: 'exrp-upkeep',
    prefix,
    redis,
    clock,
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
          onCopies: (copies) => counts.foundCopies(copies),
        }),
        latestReport,
        retention,
        seenFiles: parts.seenFiles,
        retentionMs,
        clock,
        reportIntervalMs,
        logger,
        metrics,
      }),
    ],
  });
  const gauges = backlogGauges({ metrics, store, queue, latestPass, latestReport });
  health.addCheck('retention', async () => {
    const stopped = (await latestPass.read())?.stopped;
    return stopped === undefined ? undefined : { degraded: `nothing is deleted: ${stopped}` };
  });
  const tell = (event: string) => (error: unknown) => logger.debug(event, { error });
  const timers = [
    setInterval(() => {
      gauges.refresh(clock.now()).catch(tell('gauges.not-read'));
      parts.storageWatch.probe().catch(tell('storage.not-watched'));
    }, checkEveryMs),
    // Whether recordings come or not: the first one must not be the one that finds out.
    setInterval(
      () => void parts.keys.current().catch(tell('key.not-current')),
      Math.min(settings.GC_KEY_REFRESH_SECONDS * 1000, minuteMs),
    ),
  ];
  return {
    stop: async () => {
      for (const timer of timers) clearInterval(timer);
      parts.breaker.stop();
      await Promise.all([injecting.close(), upkeep.close()]);
    },
  };
}
