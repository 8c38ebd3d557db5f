import {
  isRedisUnavailable,
  type Logger,
  type Metrics,
  type RedisClient,
} from '@exrec/service-kit';
import type { CallLog } from '../call-log/call-log.js';
import type { InteractionList } from '../call-log/interaction-list.js';
import { knownMediaIn } from '../call-log/known-media.js';
import { ExrpRecords } from './exrp-records.js';
import { Heartbeat } from './heartbeat.js';
import { reconcile } from './reconcile.js';
import { reconciliationGauges } from './reconciliation-gauges.js';
import { ReconciliationStore } from './reconciliation-store.js';
import { Reconciliations } from './reconciliations.js';

export type ReconciliationOptions = {
  readonly settings: {
    readonly EXRP_URL: string;
    readonly EXREC_LEDGER: 'on' | 'off';
  };
  /** EXRP's API token; where it has none, on loopback, the admin token opens it for reading. */
  readonly exrpToken: () => string | undefined;
  readonly redis: RedisClient;
  /** `keyspace()` of the settings */
  readonly prefix: string;
  readonly callLog: CallLog;
  readonly list: InteractionList;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly now: () => number;
};

export type Reconciliation = {
  readonly reconciliations: Reconciliations;
  readonly reconciliationStore: ReconciliationStore;
  readonly heartbeat: Heartbeat;
  /** Starts the gauges. */
  begin(): void;
  stop(): void;
};

const gaugeRefreshMs = 5_000;

/** Puts the room together. */
export function createReconciliation(options: ReconciliationOptions): Reconciliation {
  const { settings, redis, prefix, logger, metrics, now } = options;
  const exrp = new ExrpRecords({
    url: settings.EXRP_URL,
    token: options.exrpToken,
  });
  const knownMedia = knownMediaIn(redis, prefix, now);
  const store = new ReconciliationStore(redis, prefix, settings.EXREC_LEDGER);
  const reconciliations = new Reconciliations({
    store,
    reconcile: (signal, lostAtMs) => reconcile({ ...options, exrp, knownMedia }, signal, lostAtMs),
    logger,
    now,
  });
  const quietly = (error: unknown) => {
    if (!isRedisUnavailable(error)) logger.error('reconciliation.upkeep-failed', { error });
  };
  const onGap = () => void reconciliations.startUntilDone().catch(quietly);
  const heartbeat = new Heartbeat({ redis, prefix, logger, metrics, onGap, onError: quietly });
  const gauges = reconciliationGauges(metrics, store);
  let timer: NodeJS.Timeout | undefined;
  return {
    reconciliations,
    reconciliationStore: store,
    heartbeat,
    begin: () => {
      const refresh = () => void gauges.refresh().catch(quietly);
      refresh();
      timer = setInterval(refresh, gaugeRefreshMs);
    },
    stop: () => {
      clearInterval(timer);
      reconciliations.stop();
      exrp.close();
    },
  };
}
