import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGcSimulator, type GcSimulator } from '@exrec/simulator';
import {
  freePort,
  startApp,
  startLoadBalancer,
  startPostgres,
  waitFor,
  type AppName,
  type LoadBalancerName,
  type PostgresServer,
  type StartedApp,
  type StartedLoadBalancer,
} from '@exrec/testing';

type Settings = Readonly<Record<string, string>>;

export type FleetOptions = {
  /** How the services reach Redis. */
  readonly redis: Settings;
  /** Further settings of all services. */
  readonly settings?: Settings;
  /** Further settings of the n-th of each service. */
  readonly each?: (n: number) => Settings;
  readonly excps?: number;
  readonly exrps?: number;
  /** With any, there is a PostgreSQL, and everything is told to the ledger. */
  readonly ledgers?: number;
  /** Stands before two of each service, and EXCP reaches EXRP through it. */
  readonly balancer?: LoadBalancerName;
  /** A folder of built apps, e.g. of a release before: all services are of it. */
  readonly builtApps?: string | undefined;
  /** Folder for the logs of the services, kept. */
  readonly logDir?: string | undefined;
};

export const mcp = { username: 'mcp', password: 'mcp-secret' } as const;
export const adminToken = 'chaos-admin-token';
const apiToken = 'chaos-api-token';

/** Real services as processes of their own, on a given Redis, with a storage and a simulated Genesys Cloud. */
export type Fleet = {
  readonly gc: GcSimulator;
  readonly storage: StartedApp;
  readonly excps: readonly StartedApp[];
  readonly exrps: readonly StartedApp[];
  readonly ledgers: readonly StartedApp[];
  readonly balancer: StartedLoadBalancer | undefined;
  readonly postgres: PostgresServer | undefined;
  /** Starts one that has ended, in its place, of the present release or of a folder of built apps. */
  restart(app: StartedApp, builtApps?: string): Promise<void>;
  stop(): Promise<void>;
};

type Started = {
  app: StartedApp;
  /** What those before it have logged. */
  formerly: string;
  readonly name: AppName;
  readonly env: Settings;
};

export async function startFleet(options: FleetOptions): Promise<Fleet> {
  const { redis, settings = {}, each = () => ({}), excps = 2, exrps = 2, ledgers = 0 } = options;
  const dir = await mkdtemp(join(tmpdir(), 'exrec-fleet-'));
  const gc = await startGcSimulator();
  const postgres = ledgers === 0 ? undefined : await startPostgres();
  const storage = await startApp('storage', {
    STORAGE_DIR: join(dir, 'audio'),
    STORAGE_USERNAME: mcp.username,
    STORAGE_PASSWORD: mcp.password,
  });
  const shared = {
    ...redis,
    GC_API_URL: gc.url,
    GC_LOGIN_URL: gc.url,
    GC_CLIENT_ID: gc.clientId,
    GC_CLIENT_SECRET: gc.clientSecret,
    GC_REQUESTS_PER_MINUTE: '100000',
    EXRP_API_TOKEN: apiToken,
    ADMIN_TOKEN: adminToken,
    ...(postgres === undefined ? {} : { EXREC_LEDGER: 'on' }),
    ...settings,
  };
  const started: Started[] = [];
  const start = async (name: AppName, n: number, own: Settings, port?: number) => {
    const env = { ...shared, ...own, ...each(n) };
    const app = await startApp(name, env, port, options.builtApps);
    started.push({ name, env, app, formerly: '' });
  };
  const of = (name: AppName) => started.filter((one) => one.name === name).map(({ app }) => app);
  // Nobody else shall take a port meanwhile: chosen beforehand only where the load balancer has to know it.
  const isChosen = options.balancer !== undefined;
  const ports = {
    excp: await placesFor(excps, isChosen),
    exrp: await placesFor(exrps, isChosen),
    ledger: await placesFor(ledgers, isChosen),
  };
  const balancer =
    options.balancer === undefined
      ? undefined
      : await startLoadBalancer(options.balancer, {
          excp: pairOf(ports.excp),
          exrp: pairOf(ports.exrp),
          ledger: pairOf(ports.ledger),
          storage: `127.0.0.1:${storage.port}`,
        });
  for (const [n, port] of ports.exrp.entries()) {
    const own = {
      WEBDAV_URL: `${storage.url}/`,
      WEBDAV_USERNAME: mcp.username,
      WEBDAV_PASSWORD: mcp.password,
      EXRP_SPOOL_DIR: join(dir, `spool-${n}`),
      EXRP_UPLOAD_HOSTS: '127.0.0.1',
      EXRP_ALLOW_INSECURE_UPLOAD: 'true',
    };
    await start('exrp', n, own, port);
  }
  for (const [n, port] of ports.excp.entries()) {
    const own = {
      EXRP_URL: balancer?.origins.exrp ?? of('exrp')[n % exrps]?.url ?? '',
      EXCP_QUIET_PERIOD_SECONDS: '0.5',
      EXCP_SETTLE_SECONDS: '0.5',
      EXCP_MCP_USERNAME: mcp.username,
      EXCP_MCP_PASSWORD: mcp.password,
    };
    await start('excp', n, own, port);
  }
  const database = {
    LEDGER_DATABASE_URL: postgres?.url ?? '',
    LEDGER_NUMBER_KEY: 'a key of sixteen letters or more',
  };
  for (const [n, port] of ports.ledger.entries()) await start('ledger', n, database, port);
  for (const { app } of started) await waitFor(`${app.url} to be ready`, () => isReady(app.url));
  return {
    gc,
    storage,
    balancer,
    postgres,
    get excps() {
      return of('excp');
    },
    get exrps() {
      return of('exrp');
    },
    get ledgers() {
      return of('ledger');
    },
    restart: async (app, builtApps) => {
      const one = started.find((candidate) => candidate.app === app);
      if (one === undefined) throw new Error('no instance of this fleet');
      one.formerly += app.output();
      one.app = await startApp(one.name, one.env, app.port, builtApps);
    },
    stop: async () => {
      await balancer?.stop();
      await Promise.all([...started.map(({ app }) => app), storage].map((app) => app.kill()));
      const { logDir } = options;
      if (logDir !== undefined) {
        await mkdir(logDir, { recursive: true });
        for (const { name, app, formerly } of started)
          await writeFile(join(logDir, `${name}-${app.port}.log`), formerly + app.output());
      }
      await gc.stop();
      await postgres?.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** A port for each instance; undefined where it is free to take any. */
async function placesFor(count: number, isChosen: boolean): Promise<(number | undefined)[]> {
  const ports: (number | undefined)[] = [];
  while (ports.length < count) ports.push(isChosen ? await freePort() : undefined);
  return ports;
}

/** Two places; nobody is at those of a service that is not started. */
function pairOf([one = 9, other = 9]: readonly (number | undefined)[]): readonly [string, string] {
  return [`127.0.0.1:${one}`, `127.0.0.1:${other}`];
}

export async function isReady(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/health/ready`).catch(() => undefined);
  await answer?.arrayBuffer().catch(() => undefined);
  return answer?.ok === true;
}
