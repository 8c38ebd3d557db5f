import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sampleHybridIntegration, startGcSimulator, type GcSimulator } from '@exrec/simulator';
import { freePort } from '@exrec/testing';
import type { Belongings } from './belongings.js';
import { writeEnvFile } from './env-file.js';
import { checkGivenRedis, removeKeys } from './given-redis.js';
import { choosePorts } from './ports.js';
import { startProgram } from './processes.js';
import { untilReady } from './ready.js';
import { startOwnPostgres } from './postgres.js';
import { startOwnRedis } from './redis.js';
import { writeServicesFile } from './services-file.js';
import { lockRunDir } from './run-lock.js';
import { serviceEnvironments, type Places } from './service-environments.js';
import { urlOf, type Address, type StackSettings } from './stack-settings.js';
import type { Terminal } from '../output/terminal.js';

/** The whole system on this machine, up and ready. */
export type Stack = {
  readonly settings: StackSettings;
  readonly storageUrl: string;
  readonly exrpUrl: string;
  /** Undefined where there is no PostgreSQL. */
  readonly ledgerUrl: string | undefined;
  /** Two instances, as behind a load balancer. */
  readonly excpUrls: readonly [string, string];
  /** Undefined with a Genesys Cloud organization of the operator's. */
  readonly simulator: GcSimulator | undefined;
  /** Folder of the log files. */
  readonly logDir: string;
  /** URLs and tokens, for a shell to read. */
  readonly envFile: string;
};

export type StartOptions = {
  readonly settings: StackSettings;
  /** The workspace. */
  readonly root: string;
  readonly belongings: Belongings;
  readonly terminal: Terminal;
};

/**
 * Starts Redis, PostgreSQL, the simulator, storage, EXRP, two EXCPs and the ledger, and waits until all are ready.
 * @throws CannotGoOn with what is in the way; what was started by then is in `belongings`
 */
export async function startStack(options: StartOptions): Promise<Stack> {
  const { settings, belongings, terminal } = options;
  const { runDir, addresses } = settings;
  const logDir = join(runDir, 'logs');
  await mkdir(logDir, { recursive: true, mode: 0o700 });
  belongings.add(lockRunDir(runDir));
  const ports = await portsFor(settings);
  const simulator = settings.hasOrganization
    ? undefined
    : await startGcSimulator({ port: ports.simulator, requireConversation: true });
  if (simulator !== undefined) {
    belongings.add(() => simulator.stop());
    terminal.say(line('GC simulator', simulator.url, 'Genesys Cloud and S3, with keys of its own'));
  } else terminal.say(line('Genesys Cloud', '', 'the organization of GC_CLIENT_ID'));
  const [redisUrl, database] = await Promise.all([
    redisFor(options, logDir),
    databaseFor(options, logDir),
  ]);
  const at = ({ host }: Address, port: number): Address => ({ host, port });
  const places: Places = {
    ...(redisUrl === undefined ? {} : { redisUrl }),
    ...(simulator === undefined ? {} : { simulator }),
    storage: at(addresses.storage, ports.storage),
    exrp: at(addresses.exrp, ports.exrp),
    excps: [at(addresses.excp, ports.excp), at(addresses.excp, ports.secondExcp)],
    ...(database === undefined
      ? {}
      : { ledger: { ...at(addresses.ledger, ports.ledger), ...database } }),
    hybridIntegrationFile: join(runDir, 'hybrid-integration.yaml'),
  };
  await prepareFiles(settings, places);
  const urls = await startServices(options, places, logDir);
  const envFile = await writeEnvFile(settings, urls);
  belongings.add(() => rm(envFile, { force: true }));
  return { settings, simulator, logDir, envFile, ...urls };
}

async function portsFor({ addresses, hasOrganization }: StackSettings) {
  const { excp, exrp, storage, ledger, simulator } = addresses;
  const wishes = [
    { program: 'EXCP', setting: 'EXCP_PORT', ...excp },
    { program: 'EXRP', setting: 'EXRP_PORT', ...exrp },
    { program: 'storage', setting: 'STORAGE_PORT', ...storage },
    { program: 'the ledger', setting: 'LEDGER_PORT', ...ledger },
    { program: 'the second EXCP', setting: 'EXCP_PORT', host: excp.host, port: 0 },
  ];
  if (!hasOrganization)
    wishes.push({ program: 'the GC simulator', setting: 'SIMULATOR_PORT', ...simulator });
  const [excpPort, exrpPort, storagePort, ledgerPort, secondExcp, simulatorPort] =
    await choosePorts(wishes);
  return {
    excp: excpPort ?? 0,
    exrp: exrpPort ?? 0,
    storage: storagePort ?? 0,
    ledger: ledgerPort ?? 0,
    secondExcp: secondExcp ?? 0,
    simulator: simulatorPort ?? 0,
  };
}

/** The URL of a Redis of our own; undefined where the operator's is used. */
async function redisFor(
  { settings, belongings, terminal }: StartOptions,
  logDir: string,
): Promise<string | undefined> {
  const { environment, runDir, hasRedis } = settings;
  if (hasRedis) {
    await checkGivenRedis(environment);
    terminal.say(line('Redis', '', 'the one of REDIS_URL, with keys of this run'));
    return undefined;
  }
  const port = await freePort();
  belongings.addPrograms(await startOwnRedis({ port, runDir, logDir, env: environment }));
  const redisUrl = `redis://127.0.0.1:${port}`;
  terminal.say(line('Redis', redisUrl, 'its own data, append-only file on'));
  return redisUrl;
}

/**
 * Where the ledger's database is: `{}` where the operator's is used, undefined where there is none. What is missing is
 * said, and nothing else depends on it.
 */
async function databaseFor(
  { settings, belongings, terminal }: StartOptions,
  logDir: string,
): Promise<{ readonly databaseUrl?: string } | undefined> {
  const { environment: env, runDir, hasDatabase } = settings;
  if (hasDatabase) {
    terminal.say(line('PostgreSQL', '', 'the one of LEDGER_DATABASE_URL'));
    return {};
  }
  const port = await freePort();
  const own = await startOwnPostgres({ port, runDir, logDir, env, belongings });
  if ('lacking' in own) {
    terminal.say(line('ledger', '', own.lacking));
    return undefined;
  }
  terminal.say(line('PostgreSQL', `postgres://127.0.0.1:${port}`, 'its own data, for the ledger'));
  return { databaseUrl: own.url };
}

async function prepareFiles({ environment, runDir }: StackSettings, places: Places): Promise<void> {
  await writeFile(places.hybridIntegrationFile, sampleHybridIntegration());
  if (environment.STORAGE_DIR === undefined)
    await rm(join(runDir, 'storage'), { recursive: true, force: true });
  await mkdir(join(runDir, 'spool'), { recursive: true, mode: 0o700 });
}

async function startServices(
  { settings, root, belongings, terminal }: StartOptions,
  places: Places,
  logDir: string,
) {
  const environments = serviceEnvironments(settings, places);
  if (settings.hasRedis && settings.isKeyPrefixOurs)
    belongings.add(() => removeKeys(environments.exrp).catch(() => undefined));
  const [firstExcp, secondExcp = firstExcp] = places.excps;
  const [firstEnv = {}, secondEnv = {}] = environments.excps;
  const services = [
    ['storage', 'storage', places.storage, environments.storage, 'WebDAV'],
    ['exrp', 'exrp', places.exrp, environments.exrp, 'injects recordings'],
    ['excp', 'excp', firstExcp, firstEnv, 'collects metadata and call events'],
    ['excp-2', 'excp', secondExcp, secondEnv, 'a second instance of it'],
    ...(places.ledger === undefined
      ? []
      : [['ledger', 'ledger', places.ledger, environments.ledger, 'finds and proves'] as const]),
  ] as const;
  terminal.progress(' starting the services …');
  const programs = await Promise.all(
    services.map(([name, app, , env]) => {
      const file = join(settings.appsDir, app, 'main.js');
      const args = ['--enable-source-maps', file];
      return startProgram({ name, command: process.execPath, args, cwd: root, env, logDir });
    }),
  );
  belongings.addPrograms(...programs);
  const servicesFile = await writeServicesFile(
    settings,
    programs,
    services.map(([, , , env]) => env),
  );
  belongings.add(() => rm(servicesFile, { force: true }));
  await Promise.all(
    services.map(async ([name, , address, , about], index) => {
      const program = programs[index];
      if (program === undefined) return;
      const lacking = await untilReady(program, urlOf(address));
      const remark = lacking === '' ? about : `${about}; not perfect: ${lacking}`;
      terminal.say(line(name, urlOf(address), remark));
    }),
  );
  return {
    storageUrl: urlOf(places.storage),
    exrpUrl: urlOf(places.exrp),
    excpUrls: [urlOf(firstExcp), urlOf(secondExcp)] as const,
    ledgerUrl: places.ledger === undefined ? undefined : urlOf(places.ledger),
  };
}

function line(name: string, url: string, about: string): string {
  return ` ${name.padEnd(14)} ${url.padEnd(26)} ${about}`;
}
