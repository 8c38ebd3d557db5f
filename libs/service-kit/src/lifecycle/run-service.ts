import type { RequestListener, Server } from 'node:http';
import { answerToArguments } from '../about/arguments.js';
import { Access, followTokens } from '../access/access.js';
import { tokensRule } from '../access/read-tokens.js';
import { Secrets } from '../access/secrets.js';
import { Health } from '../health/health.js';
import { createLogger, type Logger } from '../log/logger.js';
import { collectOfProcess, createMetrics, type Metrics } from '../metrics/metrics.js';
import type { Service, SettingName, Settings } from '../settings/catalogue.js';
import {
  environmentWithDotEnv,
  readSettings,
  SettingsError,
  settingsExitCode,
  type Environment,
  type SettingRule,
} from '../settings/read-settings.js';
import { tlsRule } from '../settings/rules.js';
import { closingConnections, drain } from './drain.js';
import { growHeapInLargeSteps } from './heap-growth.js';
import { createHttpServer } from './http-server.js';

/** Read for every service, whatever it reads itself. @internal exported for tests */
export const commonNames = [
  'LOG_LEVEL',
  'LOG_FORMAT',
  'TLS_CERT_FILE',
  'TLS_KEY_FILE',
  'EXREC_DRAIN_SECONDS',
] as const;
type CommonName = (typeof commonNames)[number];

const endSignals = ['SIGTERM', 'SIGINT'] as const;

/** Settings that are read again when their `_FILE` changes; every other one counts from the next start. */
const reloaded: readonly SettingName[] = [
  'ADMIN_TOKEN',
  'EXCP_EVENTS_TOKEN',
  'EXCP_MCP_PASSWORD',
  'EXRP_API_TOKEN',
  'GC_CLIENT_SECRET',
  'STORAGE_PASSWORD',
];

export type ServiceContext<N extends SettingName> = {
  readonly settings: Settings<N | CommonName>;
  readonly logger: Logger;
  readonly health: Health;
  readonly metrics: Metrics;
  /** Those settings that may change while the service runs. */
  readonly secrets: Secrets;
  readonly access: Access;
};

export type RunningService = {
  readonly handler: RequestListener;
  readonly host: string;
  readonly port: number;
  /** Longest time a client may take to send a request, milliseconds; 0 for no limit. */
  readonly requestTimeoutMs?: number;
  /** The handler itself answers `Expect: 100-continue`, for instance not before it has seen credentials. */
  readonly invitesBodies?: boolean;
  /** Starts background work, once the port is open. */
  begin?(): Promise<void>;
  /** Finishes or releases work in flight and closes connections. */
  stop(): Promise<void>;
};

export type ServiceDefinition<N extends SettingName> = {
  readonly name: Service;
  readonly settingNames: readonly N[];
  readonly rules?: readonly SettingRule<N | CommonName>[];
  readonly start: (context: ServiceContext<N>) => Promise<RunningService> | RunningService;
};

/**
 * The life of a service process: starting, running, draining, gone.
 * Wrong settings end it with exit code 78, a taken port with 1, SIGTERM and SIGINT with 0.
 */
export async function runService<const N extends SettingName>(
  definition: ServiceDefinition<N>,
): Promise<void> {
  growHeapInLargeSteps();
  const names: readonly SettingName[] = [...commonNames, ...definition.settingNames];
  const answer = answerToArguments(process.argv.slice(2), definition.name, names);
  if (answer !== undefined) {
    process[answer.exitCode === 0 ? 'stdout' : 'stderr'].write(`${answer.text}\n`);
    process.exit(answer.exitCode);
  }
  const environment = environmentWithDotEnv();
  const settings = settingsOrExit(definition, environment);
  const logger = createLogger({
    service: definition.name,
    level: settings.LOG_LEVEL,
    format: settings.LOG_FORMAT,
  });
  const exitOnFault = (event: string) => (error: unknown) => {
    logger.error(event, { error });
    process.exit(70);
  };
  process.on('uncaughtException', exitOnFault('service.uncaught-exception'));
  process.on('unhandledRejection', exitOnFault('service.unhandled-rejection'));
  // A file larger than the limit shall be a failed write (EFBIG), not the end of the process.
  process.on('SIGXFSZ', () => undefined);
  // A terminal that is closed, or a program that asks daemons to read their files again: ours do so by themselves.
  process.on('SIGHUP', () => undefined);

  const metrics = createMetrics(definition.name);
  collectOfProcess(metrics);
  const health = new Health();
  const secrets = new Secrets(settings);
  secrets.follow(
    reloaded.filter((name) => names.includes(name)),
    environment,
    { health, logger },
  );
  const access = new Access({ adminTokens: () => secrets.accepted('ADMIN_TOKEN') });
  const { EXREC_TOKENS_FILE: path } = tokensFileOf(settings);
  if (path !== undefined) followTokens({ path, access, health, logger });
  const context = { settings, logger, health, metrics, secrets, access };
  const service = await definition.start(context);
  const server = createHttpServer({
    certFile: settings.TLS_CERT_FILE,
    keyFile: settings.TLS_KEY_FILE,
    handler: service.handler,
    requestTimeoutMs: service.requestTimeoutMs ?? 30_000,
    invitesBodies: service.invitesBodies ?? false,
    health,
    logger,
  });
  const connections = closingConnections(server);
  // As the first process of a container it would not be ended by a signal that nobody takes.
  const endAtOnce = () => process.exit(0);
  for (const signal of endSignals) process.on(signal, endAtOnce);
  await listenOrExit(server, service, logger);
  await service.begin?.();
  context.health.enter('running');
  logger.info('service.running', { host: service.host, port: service.port });
  let draining = false;
  for (const signal of endSignals) {
    process.off(signal, endAtOnce);
    process.on(signal, () => {
      // One Ctrl-C may arrive several times, from the terminal and from npm: only the first counts.
      if (draining) return;
      draining = true;
      const noticeMs = settings.EXREC_DRAIN_SECONDS * 1000;
      void drain({
        ...{ signal, server, connections, noticeMs, health, logger },
        stop: () => service.stop(),
      });
    });
  }
}

/** Only a service whose names have the setting has read it. */
function tokensFileOf(settings: object): { readonly EXREC_TOKENS_FILE?: string | undefined } {
  return settings;
}

function settingsOrExit<const N extends SettingName>(
  definition: ServiceDefinition<N>,
  environment: Environment,
) {
  try {
    const names = [...commonNames, ...definition.settingNames];
    const rules = [tlsRule, tokensRule, ...(definition.rules ?? [])];
    return readSettings(names, environment, rules);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    process.stderr.write(`${definition.name} cannot start, its settings are wrong:\n`);
    for (const { name, problem } of error.faults) process.stderr.write(`  ${name} ${problem}\n`);
    process.exit(settingsExitCode);
  }
}

function listenOrExit(
  server: Server,
  { host, port }: RunningService,
  logger: Logger,
): Promise<void> {
  return new Promise((resolve) => {
    server.once('error', (error) => {
      logger.error('service.cannot-listen', { host, port, error });
      process.exit(1);
    });
    server.listen(port, host, resolve);
  });
}
