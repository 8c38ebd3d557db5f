import {
  startPeriodicJobs,
  startWorker,
  type Logger,
  type Metrics,
  type PeriodicJob,
  type RedisClient,
  type RedisClock,
} from '@exrec/service-kit';
import type { Planner } from './conversations/planning/planner.js';
import type { CallLog } from './call-log/call-log.js';
import { DueCalls } from './call-log/due-calls.js';
import type { RuleSource } from './rules/rules.js';
import { DispatchQueue, dispatchQueueName, type DispatchJob } from './delivery/dispatch-queue.js';
import { DispatchWorker } from './delivery/dispatch-worker.js';
import type { ExrpClient } from './delivery/exrp-client.js';
import { EndStep, type EndStepOptions } from './delivery/end-step.js';
import { EndSweep } from './delivery/end-sweep.js';
import { PullQueue, pullQueueName, PullWorker, type PullJob } from './delivery/pull-queue.js';
import type { SegmentSource } from './delivery/segment-source.js';
import { backlogGauges, type ExcpMetrics } from './metrics/excp-metrics.js';
import type { StaConfigurationSource } from './sta-config/index.js';

export type WorkersOptions = {
  /** `keyspace()` of the settings. */
  readonly prefix: string;
  readonly redis: RedisClient;
  readonly workerRedis: RedisClient;
  readonly callLog: CallLog;
  readonly rules: RuleSource;
  readonly configuration: StaConfigurationSource;
  readonly exrp: ExrpClient;
  /** Names the legs of recordings; undefined: GC is not told of conversations. */
  readonly planner: Pick<Planner, 'legIds'> | undefined;
  readonly metrics: ExcpMetrics;
  readonly registry: Metrics;
  /** Where metadata are pulled from at the end of interactions; undefined when that is not wanted. */
  readonly segmentSource: SegmentSource | undefined;
  /** Further work that one instance of the fleet does at a time. */
  readonly periodicJobs: readonly PeriodicJob[];
  readonly logger: Logger;
  readonly quietPeriodMs: number;
  readonly settleMs: number;
  readonly maxInteractionMs: number;
  readonly takingForMs: EndStepOptions['takingForMs'];
  readonly now: () => number;
  /** By the clock of a machine that is a day off every call would be over, and every job due or a day away. */
  readonly clock: Pick<RedisClock, 'whenKnown'>;
};

export type Workers = {
  /** Finishes what is in work; what waits is left to other instances. */
  close(): Promise<void>;
};

/** Requests to EXRP at the same time, for each instance. */
const dispatchConcurrency = 16;
const pullConcurrency = 4;
const gaugeRefreshMs = 5_000;

/** Starts what EXCP does besides answering requests: ends, dispatch, pulls, configuration. */
export function startWorkers(options: WorkersOptions): Workers {
  const { prefix, redis, workerRedis, callLog, configuration, logger, clock, now } = options;
  const place = { prefix, connection: workerRedis, logger, clock };
  const dispatchQueue = new DispatchQueue({ prefix, connection: redis });
  const { segmentSource: source } = options;
  const pullQueue = source && new PullQueue({ prefix, connection: redis });
  const endStep = new EndStep({ ...options, dispatchQueue, pullQueue });
  const dueCalls = new DueCalls({ redis, prefix, now });
  const sweep = new EndSweep({ ...options, dueCalls, endStep });
  clock.whenKnown(() => sweep.start());
  const periodic = startPeriodicJobs({
    queueName: 'excp-periodic',
    prefix,
    redis,
    clock,
    logger,
    jobs: [configuration.job, ...options.periodicJobs],
  });
  const dispatchWorker = new DispatchWorker(options);
  const dispatching = startWorker<DispatchJob>({
    ...place,
    name: dispatchQueueName,
    concurrency: dispatchConcurrency,
    process: (job) => dispatchWorker.process(job),
  });
  const pullWorker = source && new PullWorker({ ...options, source });
  const pulling =
    pullWorker &&
    startWorker<PullJob>({
      ...place,
      name: pullQueueName,
      concurrency: pullConcurrency,
      process: (job) => pullWorker.process(job),
    });
  const gauges = backlogGauges(options.registry, { callLog, dueCalls }, now);
  const timer = setInterval(() => void gauges.refresh().catch(() => undefined), gaugeRefreshMs);
  return {
    close: async () => {
      clearInterval(timer);
      await Promise.all([sweep.stop(), periodic.close(), dispatching.close(), pulling?.close()]);
      await Promise.all([dispatchQueue.close(), pullQueue?.close()]);
    },
  };
}
