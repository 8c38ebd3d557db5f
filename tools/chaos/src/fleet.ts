import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGcSimulator, type GcSimulator } from '@exrec/simulator';
import { startApp, waitFor, type StartedApp } from '@exrec/testing';

export type FleetOptions = {
  /** How the services reach Redis. */
  readonly redis: Readonly<Record<string, string>>;
  /** Further settings of both services. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly excps?: number;
  readonly exrps?: number;
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
  stop(): Promise<void>;
};

export async function startFleet(options: FleetOptions): Promise<Fleet> {
  const { redis, settings = {}, excps = 2, exrps = 2 } = options;
  const dir = await mkdtemp(join(tmpdir(), 'exrec-fleet-'));
  const gc = await startGcSimulator();
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
    ...settings,
  };
  const started = { excps: [] as StartedApp[], exrps: [] as StartedApp[] };
  for (let n = 0; n < exrps; n += 1) {
    started.exrps.push(
      await startApp('exrp', {
        WEBDAV_URL: `${storage.url}/`,
        WEBDAV_USERNAME: mcp.username,
        WEBDAV_PASSWORD: mcp.password,
        EXRP_SPOOL_DIR: join(dir, `spool-${n}`),
        EXRP_UPLOAD_HOSTS: '127.0.0.1',
        EXRP_ALLOW_INSECURE_UPLOAD: 'true',
        ...shared,
      }),
    );
  }
  for (let n = 0; n < excps; n += 1) {
    started.excps.push(
      await startApp('excp', {
        EXRP_URL: started.exrps[n % exrps]?.url ?? '',
        EXCP_QUIET_PERIOD_SECONDS: '0.5',
        EXCP_SETTLE_SECONDS: '0.5',
        EXCP_MCP_USERNAME: mcp.username,
        EXCP_MCP_PASSWORD: mcp.password,
        ...shared,
      }),
    );
  }
  const services = [...started.excps, ...started.exrps];
  for (const { url } of services) await waitFor(`${url} to be ready`, () => isReady(url));
  return {
    gc,
    storage,
    ...started,
    stop: async () => {
      await Promise.all([...services, storage].map((app) => app.kill()));
      const { logDir } = options;
      if (logDir !== undefined)
        for (const app of services) await writeFile(join(logDir, `${app.port}.log`), app.output());
      await gc.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

export async function isReady(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/health/ready`).catch(() => undefined);
  await answer?.arrayBuffer().catch(() => undefined);
  return answer?.ok === true;
}
