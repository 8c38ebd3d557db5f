import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  playScenario,
  sampleCalls,
  sampleHybridIntegration,
  startGcSimulator,
  type GcSimulator,
  type PlayedScenario,
} from '@exrec/simulator';
import { startApp, startPostgres, startRedis, waitFor, type StartedApp } from '@exrec/testing';
import { built, token } from './ledger-with-rows.js';

export type WholeStack = {
  readonly url: string;
  readonly gc: GcSimulator;
  readonly apps: Readonly<Record<'storage' | 'exrp' | 'excp' | 'ledger', StartedApp>>;
  /** Plays sample calls by their names; all of them without any. */
  play(...names: readonly string[]): Promise<PlayedScenario[]>;
  /** What the ledger answers to an admin. */
  ask(path: string): Promise<Readonly<Record<string, unknown>>>;
  stop(): Promise<void>;
};

const storageLogin = { STORAGE_USERNAME: 'storage', STORAGE_PASSWORD: 'storage-password' };
const webdav = { username: 'storage', password: 'storage-password' };
/** Every service alone with its own Redis, PostgreSQL and Genesys Cloud, as a site has them. */
export async function startWholeStack(): Promise<WholeStack> {
  const dir = await mkdtemp(join(tmpdir(), 'exrec-console-stack-'));
  const [redis, postgres, gc] = await Promise.all([
    startRedis(),
    startPostgres(),
    startGcSimulator(),
    built(),
  ]);
  const hybrid = join(dir, 'hybrid-integration.yaml');
  await writeFile(hybrid, sampleHybridIntegration());
  const common = {
    ...{ REDIS_URL: redis.url, EXREC_LEDGER: 'on', ADMIN_TOKEN: token },
    ...{ EXRP_API_TOKEN: 'token-of-exrp', GC_API_URL: gc.url, GC_LOGIN_URL: gc.url },
    ...{ GC_CLIENT_ID: gc.clientId, GC_CLIENT_SECRET: gc.clientSecret },
    GC_REQUESTS_PER_MINUTE: '6000',
  };
  const storage = await startApp('storage', { STORAGE_DIR: join(dir, 'audio'), ...storageLogin });
  const exrp = await startApp('exrp', {
    ...common,
    ...{ WEBDAV_URL: `${storage.url}/`, WEBDAV_USERNAME: webdav.username },
    ...{ WEBDAV_PASSWORD: webdav.password, EXRP_SPOOL_DIR: join(dir, 'spool') },
    ...{ EXRP_ALLOW_INSECURE_UPLOAD: 'true', EXRP_UPLOAD_HOSTS: '127.0.0.1' },
    EXRP_REPORT_INTERVAL_MINUTES: '0.03',
  });
  const excp = await startApp('excp', {
    ...common,
    ...{ EXRP_URL: exrp.url, HYBRID_INTEGRATION_FILE: hybrid },
    ...{ EXCP_QUIET_PERIOD_SECONDS: '8', EXCP_SETTLE_SECONDS: '1' },
  });
  const ledger = await startApp('ledger', {
    ...{ REDIS_URL: redis.url, LEDGER_DATABASE_URL: postgres.url, ADMIN_TOKEN: token },
    ...{ LEDGER_NUMBER_KEY: 'a key of sixteen letters or more' },
    ...{ EXCP_URL: excp.url, EXRP_URL: exrp.url },
  });
  const targets = {
    webdav: { url: storage.url, ...webdav },
    excps: [{ url: excp.url }] as const,
  };
  const ask = async (path: string) => {
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(new URL(path, ledger.url), { headers });
    return (await answer.json()) as Readonly<Record<string, unknown>>;
  };
  await waitFor('GC to be known', async () => {
    const { genesysCloud } = (await ask('/api/v1/configuration')) as {
      genesysCloud?: { takenAt: string | null };
    };
    return typeof genesysCloud?.takenAt === 'string';
  });
  return {
    url: ledger.url,
    gc,
    apps: { storage, exrp, excp, ledger },
    ask,
    play: (...names) =>
      Promise.all(
        sampleCalls()
          .filter(({ name }) => names.length === 0 || names.includes(name))
          .map((call) => playScenario(call, targets)),
      ),
    stop: async () => {
      await Promise.all([excp, exrp, storage, ledger].map((app) => app.kill()));
      await Promise.all([redis.stop(), postgres.stop(), gc.stop()]);
      await rm(dir, { recursive: true, force: true });
    },
  };
}
