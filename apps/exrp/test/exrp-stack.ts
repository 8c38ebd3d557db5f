import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  communicationIdOf,
  conversationIdOf,
  recordingIdOf,
  type GcMetadataRequest,
} from '@exrec/gc-metadata';
import { startGcSimulator, type GcSimulator, type GcSimulatorOptions } from '@exrec/simulator';
import { startApp, startRedis, waitFor, type RedisServer, type StartedApp } from '@exrec/testing';
import axios, { type AxiosResponse } from 'axios';

const apiToken = 'exrp-token';
const adminToken = 'admin-token';
const callUUID = '02AB7QK3D4FH59LMN0PQ6RSTUV000017';

/** What `GET /api/v1/injections/{recordingId}` says, as far as tests look at it. */
export type InjectionView = {
  readonly recordingId: string;
  readonly state: string;
  readonly cause: string | null;
  readonly detail: string | null;
  readonly attempts: number;
  readonly nextTryAt: string | null;
  readonly audio: { readonly sha256: string | null };
  readonly history: readonly { readonly outcome: string; readonly cause?: string }[];
};

export type StackOptions = {
  /** Settings of EXRP on top of those that connect it to the rest. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly simulator?: GcSimulatorOptions;
  /** EXRP's WEBDAV_URL, when it is not the storage app's. */
  readonly webdavUrl?: string;
  readonly redisArgs?: readonly string[];
};

/** Redis, storage, Genesys Cloud and one EXRP, all real processes or servers on loopback. */
export class ExrpStack {
  readonly redis: RedisServer;
  readonly storage: StartedApp;
  readonly gc: GcSimulator;
  readonly dir: string;
  exrp: StartedApp;
  readonly #env: Readonly<Record<string, string>>;
  readonly #others: StartedApp[] = [];

  private constructor(
    parts: Pick<ExrpStack, 'redis' | 'storage' | 'gc' | 'dir' | 'exrp'>,
    env: Record<string, string>,
  ) {
    this.redis = parts.redis;
    this.storage = parts.storage;
    this.gc = parts.gc;
    this.dir = parts.dir;
    this.exrp = parts.exrp;
    this.#env = env;
  }

  static async start({
    settings = {},
    simulator = {},
    webdavUrl,
    redisArgs = [],
  }: StackOptions = {}): Promise<ExrpStack> {
    const dir = await mkdtemp(join(tmpdir(), 'exrec-exrp-'));
    const [redis, gc, storage] = await Promise.all([
      startRedis(redisArgs),
      startGcSimulator(simulator),
      startApp('storage', {
        STORAGE_DIR: join(dir, 'audio'),
        STORAGE_USERNAME: 'mcp',
        STORAGE_PASSWORD: 'mcp-secret',
      }),
    ]);
    const env = {
      REDIS_URL: redis.url,
      GC_API_URL: gc.url,
      GC_LOGIN_URL: gc.url,
      GC_CLIENT_ID: gc.clientId,
      GC_CLIENT_SECRET: gc.clientSecret,
      GC_REQUESTS_PER_MINUTE: '60000',
      WEBDAV_URL: webdavUrl ?? `${storage.url}/`,
      WEBDAV_USERNAME: 'mcp',
      WEBDAV_PASSWORD: 'mcp-secret',
      EXRP_API_TOKEN: apiToken,
      ADMIN_TOKEN: adminToken,
      EXRP_SPOOL_DIR: join(dir, 'spool'),
      EXRP_UPLOAD_HOSTS: '127.0.0.1',
      EXRP_ALLOW_INSECURE_UPLOAD: 'true',
      LOG_LEVEL: 'debug',
      ...settings,
    };
    const exrp = await startApp('exrp', env);
    return new ExrpStack({ redis, storage, gc, dir, exrp }, env);
  }

  /** A further EXRP on the same Redis, with settings of its own on top. */
  async another(settings: Readonly<Record<string, string>> = {}): Promise<StartedApp> {
    const app = await startApp('exrp', { ...this.#env, ...settings });
    this.#others.push(app);
    return app;
  }

  /** Starts EXRP again on its port, after it ended. */
  async restart(settings: Readonly<Record<string, string>> = {}): Promise<void> {
    this.exrp = await startApp('exrp', { ...this.#env, ...settings }, this.exrp.port);
  }

  async stop(): Promise<void> {
    await Promise.all([this.exrp, ...this.#others, this.storage].map((app) => app.kill()));
    await Promise.all([this.redis.stop(), this.gc.stop()]);
    await rm(this.dir, { recursive: true, force: true });
  }

  /** PUTs an audio file as MCP does. */
  async put(name: string, bytes: Buffer): Promise<void> {
    await axios.put(`${this.storage.url}/${name}`, bytes, {
      auth: { username: 'mcp', password: 'mcp-secret' },
    });
  }

  /** Asks EXRP for the injection of an audio file. */
  inject(audioFile: string, extra: Readonly<Record<string, unknown>> = {}): Promise<AxiosResponse> {
    return this.post('/api/v1/injections', {
      audioFile,
      metadata: metadataFor(audioFile),
      ...extra,
    });
  }

  post(path: string, body: unknown, token: string | null = apiToken): Promise<AxiosResponse> {
    return axios.post(`${this.exrp.url}${path}`, body, {
      headers: {
        'content-type': 'application/json',
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
      validateStatus: () => true,
      timeout: 10_000,
    });
  }

  admin(path: string, body: unknown = {}): Promise<AxiosResponse> {
    return this.post(path, body, adminToken);
  }

  get(path: string, token: string | null = apiToken): Promise<AxiosResponse> {
    return axios.get(`${this.exrp.url}${path}`, {
      headers: token === null ? {} : { authorization: `Bearer ${token}` },
      validateStatus: () => true,
      timeout: 10_000,
    });
  }

  async injection(audioFile: string): Promise<InjectionView> {
    const { data } = await this.get(`/api/v1/injections/${recordingIdOf(audioFile)}`);
    return data as InjectionView;
  }

  /** Waits until the recording of an audio file is in a state, and of a cause when one is given. */
  until(
    audioFile: string,
    state: string,
    cause?: string,
    timeoutMs = 20_000,
  ): Promise<InjectionView> {
    const what = `${audioFile} to be ${state} ${cause ?? ''}`;
    return waitFor(
      what,
      async () => {
        const view = await this.injection(audioFile).catch(() => undefined);
        return view?.state === state && (cause === undefined || view.cause === cause)
          ? view
          : undefined;
      },
      { timeoutMs },
    );
  }

  /** Waits until Genesys Cloud has opened the recording of an audio file, and gives its verdict. */
  async verdict(audioFile: string) {
    await this.gc.settled();
    const recording = this.gc
      .recordings()
      .find(({ recordingId }) => recordingId === recordingIdOf(audioFile));
    if (recording === undefined) throw new Error(`${audioFile} never arrived`);
    return recording;
  }
}

/** GC-metadata as EXCP would send them for a segment. */
export function metadataFor(audioFile: string): GcMetadataRequest {
  return {
    schemaVersion: 1,
    recordingId: recordingIdOf(audioFile),
    conversationId: conversationIdOf(callUUID),
    communicationId: communicationIdOf(callUUID, '7105', 1),
    interactionId: callUUID,
    mediaType: 'call',
    direction: 'inbound',
    startTime: '2026-03-02T09:15:04.000Z',
    endTime: '2026-03-02T09:18:31.120Z',
    durationMs: 207_120,
    ani: '+4930555010',
    dnis: '8005550100',
    recordedParty: 'agent',
    agent: { id: 'agent7105', dn: '7105', userId: null },
    queue: { name: 'VQ_TechSupport', id: null },
    speechAndTextAnalytics: { requested: false, reason: 'configuration-unavailable' },
    annotations: [],
  };
}
