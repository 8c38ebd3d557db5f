import { mkdtemp, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordingIdOf } from '@exrec/gc-metadata';
import { startGcSimulator, type GcSimulator } from '@exrec/simulator';
import { startApp, startRedis, waitFor, type RedisServer, type StartedApp } from '@exrec/testing';
import axios, { type AxiosResponse } from 'axios';

const adminToken = 'admin-token';
const apiToken = 'exrp-token';
const mcp = { username: 'mcp', password: 'mcp-secret' };

type Parts = {
  readonly dir: string;
  readonly redis: RedisServer;
  readonly gc: GcSimulator;
  readonly storage: StartedApp;
  readonly exrp: StartedApp;
  readonly excp: StartedApp;
};

/** What `POST /api/v1/reconciliations` answers, as far as tests look at it. */
export type ReconciliationView = {
  readonly running: boolean;
  readonly sentence: string;
  readonly segments: Readonly<Record<string, number>>;
  readonly dispatchedAgain: number;
  readonly differences: readonly {
    readonly kind: string;
    readonly count: number;
    readonly items: readonly Readonly<Record<string, string>>[];
  }[];
};

/** Both services, the storage, Redis and Genesys Cloud, all on loopback. */
export class WholeStack {
  private constructor(private readonly parts: Parts) {}

  static async start(settings: Readonly<Record<string, string>> = {}): Promise<WholeStack> {
    const dir = await mkdtemp(join(tmpdir(), 'exrec-whole-'));
    const [redis, gc, storage] = await Promise.all([
      startRedis(),
      startGcSimulator(),
      startApp('storage', {
        STORAGE_DIR: join(dir, 'audio'),
        STORAGE_USERNAME: mcp.username,
        STORAGE_PASSWORD: mcp.password,
      }),
    ]);
    const shared = {
      REDIS_URL: redis.url,
      GC_API_URL: gc.url,
      GC_LOGIN_URL: gc.url,
      GC_CLIENT_ID: gc.clientId,
      GC_CLIENT_SECRET: gc.clientSecret,
      EXRP_API_TOKEN: apiToken,
      ADMIN_TOKEN: adminToken,
      ...settings,
    };
    const exrp = await startApp('exrp', {
      WEBDAV_URL: `${storage.url}/`,
      WEBDAV_USERNAME: mcp.username,
      WEBDAV_PASSWORD: mcp.password,
      EXRP_SPOOL_DIR: join(dir, 'spool'),
      EXRP_UPLOAD_HOSTS: '127.0.0.1',
      EXRP_ALLOW_INSECURE_UPLOAD: 'true',
      EXRP_REPORT_INTERVAL_MINUTES: '0.02',
      ...shared,
    });
    const excp = await startApp('excp', {
      EXRP_URL: exrp.url,
      EXCP_QUIET_PERIOD_SECONDS: '0.5',
      ...shared,
    });
    return new WholeStack({ dir, redis, gc, storage, exrp, excp });
  }

  get redis(): RedisServer {
    return this.parts.redis;
  }

  get exrp(): StartedApp {
    return this.parts.exrp;
  }

  get excp(): StartedApp {
    return this.parts.excp;
  }

  get gc(): GcSimulator {
    return this.parts.gc;
  }

  async stop(): Promise<void> {
    const { excp, exrp, storage, redis, gc, dir } = this.parts;
    await Promise.all([excp, exrp, storage].map((app) => app.kill()));
    await Promise.all([redis.stop(), gc.stop()]);
    await rm(dir, { recursive: true, force: true });
  }

  async putAudio(name: string, bytes: Buffer): Promise<void> {
    await axios.put(`${this.parts.storage.url}/${name}`, bytes, { auth: mcp });
  }

  /** Makes an audio file look as if it had come two hours ago. */
  async ageAudio(name: string): Promise<void> {
    const then = new Date(Date.now() - 2 * 3_600_000);
    await utimes(join(this.parts.dir, 'audio', name), then, then);
  }

  /** Posts metadata again and again while the answer is 503, which a slow Redis gets. */
  postMetadata(body: object): Promise<AxiosResponse> {
    return waitFor('the metadata to be taken', async () => {
      const path = '/api/contact-centers/cc1/recordings';
      const answer = await this.#ask(this.excp, 'POST', path, body);
      return answer.status === 503 ? undefined : answer;
    });
  }

  /** Has one made now; one by schedule may be going on. */
  async reconcile(): Promise<ReconciliationView> {
    return waitFor('a reconciliation', async () => {
      const { status, data } = await this.ask('excp', 'POST', '/api/v1/reconciliations');
      if (status === 202 || status === 503) return undefined;
      if (status !== 200) throw new Error(`the reconciliation was answered ${status}`);
      return data as ReconciliationView;
    });
  }

  ask(app: 'excp' | 'exrp', method: string, path: string, body?: object): Promise<AxiosResponse> {
    return this.#ask(this.parts[app], method, path, body);
  }

  /** Waits until EXRP has the recording of an audio file in a state. */
  async until(audioFile: string, state: string, cause: string | null = null): Promise<void> {
    const path = `/api/v1/injections/${recordingIdOf(audioFile)}`;
    const isThere = async () => {
      const { data } = await this.ask('exrp', 'GET', path);
      const view = data as { state?: string; cause?: string | null };
      return view.state === state && view.cause === cause;
    };
    await waitFor(`${audioFile} to be ${state}`, isThere);
  }

  #ask(app: StartedApp, method: string, path: string, data?: object): Promise<AxiosResponse> {
    const token = path === '/api/v1/injections' ? apiToken : adminToken;
    return axios.request({
      url: `${app.url}${path}`,
      method,
      data,
      headers: { authorization: `Bearer ${token}` },
      validateStatus: () => true,
    });
  }
}
