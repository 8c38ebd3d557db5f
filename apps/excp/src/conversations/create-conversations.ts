import type { GcApi, GcStanding } from '@exrec/gc-api';
import type { Check, Logger, Metrics, PeriodicJob, RedisClient } from '@exrec/service-kit';
import { findQueue } from '@exrec/sta-resolver';
import type { CallLog } from '../call-log/call-log.js';
import type { ChangeTeller } from '../call-log/change-teller.js';
import type { ExcpSettings } from '../config.js';
import type { Rules, RuleSource } from '../rules/rules.js';
import type { StaConfiguration } from '../decision/sta-configuration.js';
import { matchesGlob } from '../interaction/index.js';
import { planningLoop, sendingLoop, type Loop } from './loops.js';
import { conversationGauges, conversationMetrics } from './metrics/conversation-metrics.js';
import type { ConversationOptions, GcDirectory } from './options.js';
import { Orphans } from './orphans/orphans.js';
import { ClosingSweep } from './planning/closing-sweep.js';
import { Planner } from './planning/planner.js';
import { Lease } from './sending/lease.js';
import { Sender } from './sending/sender.js';
import { EngageSource } from './source/presence-source.js';
import { conversationKeys } from './store/conversation-keys.js';
import { ConversationStore } from './store/conversation-store.js';

export type ConversationsOptions = {
  readonly settings: Pick<
    ExcpSettings,
    | 'EXCP_RECORDED_PARTIES'
    | 'EXCP_GC_SOURCE'
    | 'EXCP_UNKNOWN_AGENT'
    | 'EXCP_TRANSFER_EVENTS'
    | 'EXCP_EVENTS_PER_REQUEST'
  >;
  readonly gc: GcApi & Pick<GcStanding, 'nowMs'>;
  readonly redis: RedisClient;
  /** `keyspace()` of the settings */
  readonly prefix: string;
  readonly callLog: CallLog;
  readonly teller: ChangeTeller | undefined;
  readonly rules: RuleSource;
  readonly configuration: Pick<StaConfiguration, 'snapshot' | 'userIdOf'>;
  readonly maxInteractionMs: number;
  readonly quietPeriodMs: number;
  readonly takingForMs: () => number;
  readonly audioFileOf: (recordingId: string) => Promise<string | undefined>;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly now: () => number;
};

export type Conversations = {
  readonly store: ConversationStore;
  readonly planner: Planner;
  readonly orphans: Orphans;
  readonly source: EngageSource;
  readonly check: Check;
  /** Work that one instance of the fleet does at a time. */
  readonly jobs: readonly PeriodicJob[];
  begin(): void;
  stop(): Promise<void>;
};

const gaugeRefreshMs = 5_000;
/** Events that wait for longer than this are worth a word in `ready`. */
const lateMs = 60_000;

/** Builds what tells GC of calls: planner, sender, source, sweep. */
export function createConversations(options: ConversationsOptions): Conversations {
  const { settings, gc, redis, prefix, callLog, teller, rules, logger, now } = options;
  const metrics = conversationMetrics(options.metrics);
  const store = new ConversationStore({ redis, prefix, now, teller });
  const wanted = settings.EXCP_GC_SOURCE;
  const source = new EngageSource({ gc, redis, prefix, wanted, logger });
  const planner = new Planner({
    ...{ callLog, store, rules, metrics, logger, now },
    directory: (present) => directoryOf(present, options.configuration, source.id),
    options: (present) => conversationOptions(settings, present),
    gcNowMs: () => gc.nowMs(),
  });
  const sender = new Sender({
    ...{ store, gc, metrics, logger, now },
    options: () => ({
      unknownAgent: settings.EXCP_UNKNOWN_AGENT,
      source: { id: source.id, isDoubted: source.isDoubted },
    }),
    maxEvents: settings.EXCP_EVENTS_PER_REQUEST,
    onSourceRefused: (sourceId) => void source.drop(sourceId).catch(() => undefined),
  });
  const sweep = new ClosingSweep({ ...options, store, planner, metrics });
  const gauges = conversationGauges(options.metrics, store, now);
  let loops: Loop[] = [];
  let timer: NodeJS.Timeout | undefined;
  return {
    ...{ store, planner, source },
    orphans: new Orphans({ ...options, planner }),
    check: async () => {
      if (source.problem !== undefined) return { degraded: source.problem };
      const { oldestAtMs } = await store.backlog();
      const waitingMs = oldestAtMs === undefined ? 0 : now() - oldestAtMs;
      return waitingMs > lateMs
        ? {
            degraded: `conversation events have been waiting for ${Math.round(waitingMs / 1000)} s`,
          }
        : undefined;
    },
    jobs: [source.job, sweep.job],
    begin: () => {
      void source.start();
      const lease = new Lease(redis, conversationKeys(prefix).sender);
      loops = [
        planningLoop({ store, planner, logger, now }),
        sendingLoop({ lease, sender, logger }),
      ];
      timer = setInterval(() => void gauges.refresh().catch(() => undefined), gaugeRefreshMs);
    },
    stop: async () => {
      clearInterval(timer);
      source.stop();
      await Promise.all(loops.map((each) => each.stop()));
    },
  };
}

/** Undefined until GC's users, queues and our source are known. */
function directoryOf(
  { queueMap }: Rules,
  configuration: ConversationsOptions['configuration'],
  sourceId: string | undefined,
): GcDirectory | undefined {
  const snapshot = configuration.snapshot();
  if (snapshot === null || sourceId === undefined) return undefined;
  return {
    sourceId,
    userIdOf: (agentId) => configuration.userIdOf(agentId),
    queueIdOf: (queue) => findQueue(queue, queueMap, snapshot).queue?.id ?? null,
  };
}

function conversationOptions(
  settings: ConversationsOptions['settings'],
  { ivrDns }: Rules,
): ConversationOptions {
  const recorded = settings.EXCP_RECORDED_PARTIES.split(',');
  return {
    recordedParties: (['agents', 'trunks'] as const).filter((party) => recorded.includes(party)),
    unknownAgent: settings.EXCP_UNKNOWN_AGENT,
    transferEvents: settings.EXCP_TRANSFER_EVENTS === 'on',
    isIvr: (dn) => ivrDns.some((pattern) => matchesGlob(pattern, dn)),
  };
}
