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
  /** For how long the fleet could take what it was sent, without a break. */
  takingForMs(): number;
  /** Starts the heartbeat and the gauges. */
  begin(): void;
  stop(): void;
};

const beatMs = 2_000;
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
  const heartbeat = new Heartbeat({ redis, prefix, logger, metrics, onGap });
  const gauges = reconciliationGauges(metrics, store);
  const timers: NodeJS.Timeout[] = [];
  const repeat = (work: () => Promise<void>, everyMs: number) => {
    const turn = () => void work().catch(quietly);
    turn();
    timers.push(setInterval(turn, everyMs));
  };
  return {
    reconciliations,
    reconciliationStore: store,
    takingForMs: () => heartbeat.takingForMs(),
    begin: () => {
      repeat(() => heartbeat.beat(), beatMs);
      repeat(() => gauges.refresh(), gaugeRefreshMs);
    },
    stop: () => {
      timers.forEach((timer) => clearInterval(timer));
      reconciliations.stop();
      exrp.close();
    },
  };
}
