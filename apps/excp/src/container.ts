import { connectGc } from '@exrec/gc-api';
import {
  connectRedis,
  createServiceApp,
  InstanceAnnouncement,
  keyspace,
  redisCheck,
  redisClock,
  routes,
  type RunningService,
  type ServiceContext,
} from '@exrec/service-kit';
import { CallLog } from './call-log/call-log.js';
import { InteractionList } from './call-log/interaction-list.js';
import { ArchivePacker } from './call-log/packs/archive-packer.js';
import { createConversations } from './conversations/create-conversations.js';
import { settingWarnings, type excpSettingNames } from './config.js';
import { ExrpClient } from './delivery/exrp-client.js';
import { languageSettingsOf, rulesOverTime } from './rules/rules-over-time.js';
import { LedgerSide } from './ledger/ledger-side.js';
import { tellerOf } from './ledger/teller.js';
import { api } from './http/api.js';
import { mcpAccess } from './http/mcp-access.js';
import { IntegrationFile } from './rules/integration-file.js';
import { ScopeMemory } from './rules/scope-memory.js';
import { LanguageSettingsOverTime } from './rules/language-settings.js';
import { excpMetrics } from './metrics/excp-metrics.js';
import { createReconciliation } from './reconciliation/create-reconciliation.js';
import { createRws } from './rws/index.js';
import { StaConfigurationSource } from './sta-config/index.js';
import { startWorkers, type Workers } from './workers.js';

export type ExcpContext = ServiceContext<(typeof excpSettingNames)[number]>;

const hourMs = 3_600_000;
/** What the clients of SIP Server tell of one moment comes together within this (docs/design/CONVERSATIONS.md#22-ids-and-sending-times). */
const planInMs = 300;

/** Of tests: known from the start. */
const knownClock = { isKnown: () => true, whenKnown: (begin: () => void) => begin() };

/**
 * Builds EXCP from its settings: connections, the call log, the workers and the HTTP app.
 * @param testNow a clock for tests that can't wait for days; otherwise it is that of Redis
 */
export async function startExcp(
  context: ExcpContext,
  testNow?: () => number,
): Promise<RunningService> {
  const { settings, logger, metrics: registry, health, secrets, access } = context;
  const prefix = keyspace(settings);
  const redis = connectRedis({ settings, role: 'command', logger });
  const workerRedis = connectRedis({ settings, role: 'worker', logger });
  const clock = redisClock({ redis, prefix, logger, metrics: registry });
  const now = testNow ?? clock.now;
  if (testNow === undefined) clock.start();
  const fleetClock = testNow === undefined ? clock : knownClock;
  const gc = connectGc({ settings, redis, logger, metrics: registry, secrets });
  const metrics = excpMetrics(registry);
  const keepMs = settings.EXCP_KEEP_DAYS * 24 * hourMs;
  const periods = {
    quietPeriodMs: settings.EXCP_QUIET_PERIOD_SECONDS * 1000,
    settleMs: settings.EXCP_SETTLE_SECONDS * 1000,
    maxInteractionMs: settings.EXCP_MAX_INTERACTION_HOURS * hourMs,
    takingForMs: () => heartbeat.takingForMs(),
  };
  const teller = tellerOf(settings, () => ({ rules: rules.current(), configuration }));
  const areToldOf = settings.EXCP_CONVERSATIONS === 'on';
  const callLog = new CallLog({
    ...{ redis, prefix, keepMs, now, teller, ...periods },
    planInMs: areToldOf ? planInMs : undefined,
  });
  const file = new IntegrationFile({
    ...{ path: settings.HYBRID_INTEGRATION_FILE, settings, logger },
    scopeMemory: new ScopeMemory(redis, prefix),
  });
  await file.start();
  const languages = new LanguageSettingsOverTime({
    ...{ redis, keyspace: prefix, logger, now },
    // An instance without usable rules has no say in what the fleet goes by.
    current: () => file.current() && languageSettingsOf(file.current()),
  });
  const rules = rulesOverTime(file, languages);
  const configuration = new StaConfigurationSource({
    gc,
    redis,
    keyspace: prefix,
    refreshMs: settings.GC_CONFIG_REFRESH_SECONDS * 1000,
    agentMap: () => rules.current()?.agentMap ?? {},
    logger,
    metrics: registry,
  });
  const conversations = areToldOf
    ? createConversations({
        ...{ settings, gc, redis, prefix, callLog, teller, rules, configuration, logger, now },
        ...periods,
        metrics: registry,
        audioFileOf: (recordingId) => exrp.audioFileOf(recordingId),
      })
    : undefined;
  const rws = createRws({
    ...{ settings, redis, prefix, logger, now },
    deliver: async (segments) => {
      const entries = segments.map((segment) => ({ kind: 'segment' as const, segment }));
      for (const status of await callLog.append(entries)) metrics.metadata(status);
    },
    onRequest: (outcome) => metrics.rwsRequest(outcome),
  });
  const exrp = new ExrpClient({
    url: settings.EXRP_URL,
    token: () => secrets.current('EXRP_API_TOKEN'),
  });
  const list = new InteractionList({ redis, prefix, keepMs, now });
  const ledgerSide = new LedgerSide({
    redis,
    prefix,
    callLog,
    list,
    ledger: settings.EXREC_LEDGER,
    now,
    logger,
  });
  ledgerSide.watch(registry, health);
  const packer = new ArchivePacker({ redis, prefix, keepMs, now, logger });
  const { reconciliations, reconciliationStore, heartbeat, ...reconciliation } =
    createReconciliation({
      ...{ settings, redis, prefix, callLog, list, logger, now },
      exrpToken: () => secrets.current('EXRP_API_TOKEN') ?? secrets.current('ADMIN_TOKEN'),
      metrics: registry,
    });

  health.addCheck('redis', redisCheck(redis, prefix));
  health.addCheck('clock', clock.check);
  health.addCheck('hybrid-integration', () => file.check());
  health.addCheck('gc-configuration', configuration.check);
  if (conversations !== undefined) health.addCheck('conversations', conversations.check);
  health.addCheck('exrp', () => exrp.check());
  health.addCheck('genesys-cloud', () => gc.check());
  for (const { name, text } of settingWarnings(settings)) {
    health.warn(name, text);
    logger.warn('settings.unsafe', { name, text });
  }

  const { all, openapi } = api({
    ...{ callLog, list, metrics, rules, configuration, file, conversations, access },
    ...{ reconciliations, reconciliationStore },
    mcpMayPost: mcpAccess({ ...settings, passwords: () => secrets.accepted('EXCP_MCP_PASSWORD') }),
    eventTokens: () => secrets.accepted('EXCP_EVENTS_TOKEN'),
    staFacts: () => ({
      snapshot: configuration.snapshot(),
      settings: {
        ...languageSettingsOf(file.current()),
        queueMap: file.current()?.queueMap ?? {},
        syncScope: file.current()?.syncScope,
      },
    }),
  });
  const kit = { logger, health, metrics: registry, openapi, clock: fleetClock };
  const handler = createServiceApp(kit, (app) => {
    app.use(routes(all));
  });

  const announcement = new InstanceAnnouncement({
    ...{ redis, prefix, service: 'excp', port: settings.EXCP_PORT, health, now },
  });
  let workers: Workers | undefined;
  return {
    handler,
    host: settings.EXCP_HOST,
    port: settings.EXCP_PORT,
    begin: async () => {
      announcement.start();
      await configuration.start();
      await languages.start();
      // Its first beat goes before the first look at calls, which asks how it went.
      fleetClock.whenKnown(() => heartbeat.start());
      workers = startWorkers({
        ...{ callLog, rules, configuration, exrp, metrics, logger, now },
        ...{ prefix, redis, workerRedis, registry, clock: fleetClock, ...periods },
        planner: conversations?.planner,
        segmentSource: rws?.segmentSource,
        periodicJobs: [
          ...(rws?.jobs ?? []),
          ...(conversations?.jobs ?? []),
          reconciliations.job,
          ...ledgerSide.jobs,
          packer.job,
        ],
      });
      fleetClock.whenKnown(() => {
        conversations?.begin();
        reconciliation.begin();
      });
    },
    stop: async () => {
      clock.forget();
      await announcement.stop();
      reconciliation.stop();
      rws?.close();
      // A pull that is going on would hold up the end of the workers.
      await configuration.stop();
      await conversations?.stop();
      await workers?.close();
      heartbeat.stop();
      languages.stop();
      file.stop();
      exrp.close();
      gc.close();
      clock.stop();
      workerRedis.disconnect();
      redis.disconnect();
    },
  };
}
