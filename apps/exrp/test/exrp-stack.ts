import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordingIdOf } from '@exrec/gc-metadata';
import { startGcSimulator, type GcSimulator, type GcSimulatorOptions } from '@exrec/simulator';
import {
  filesContaining,
  startApp,
  startRedis,
  type RedisServer,
  type StartedApp,
} from '@exrec/testing';
import axios from 'axios';
import { adminToken, apiToken, ExrpClient } from './exrp-client.js';

type Settings = Readonly<Record<string, string>>;

export type StackOptions = {
  /** Settings of EXRP on top of those that connect it to the rest. */
  readonly settings?: Settings;
  readonly simulator?: GcSimulatorOptions;
  /** EXRP's WEBDAV_URL, when it is not the storage app's. */
  readonly webdavUrl?: string;
};

/** An EXRP of its own beside that of the stack. */
export type AnotherExrp = { readonly app: StartedApp; readonly client: ExrpClient };

/** Redis, storage, Genesys Cloud and one EXRP, all real processes or servers on loopback. */
export class ExrpStack extends ExrpClient {
  readonly redis: RedisServer;
  readonly storage: StartedApp;
  readonly gc: GcSimulator;
  readonly dir: string;
  exrp: StartedApp;
  readonly #env: Settings;
  readonly #others: StartedApp[] = [];

  private constructor(
    parts: Pick<ExrpStack, 'redis' | 'storage' | 'gc' | 'dir' | 'exrp'>,
    env: Settings,
  ) {
    super(() => this.exrp.url);
    this.redis = parts.redis;
    this.storage = parts.storage;
    this.gc = parts.gc;
    this.dir = parts.dir;
    this.exrp = parts.exrp;
    this.#env = env;
  }

  static async start({
    settings,
    simulator = {},
    webdavUrl,
  }: StackOptions = {}): Promise<ExrpStack> {
    const dir = await mkdtemp(join(tmpdir(), 'exrec-exrp-'));
    const [redis, gc, storage] = await Promise.all([
      startRedis(),
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

  /**
   * A further EXRP, with settings of its own on top: on the same queue, or with its own
   * `REDIS_KEY_PREFIX` apart from all others.
   * @param port the port of an earlier one, to take its place
   */
  async another(settings: Settings = {}, port?: number): Promise<AnotherExrp> {
    const app = await startApp('exrp', { ...this.#env, ...settings }, port);
    this.#others.push(app);
    return { app, client: new ExrpClient(() => app.url) };
  }

  /** Starts EXRP again on its port, after it ended. */
  async restart(settings: Settings = {}): Promise<void> {
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

  /** Waits until Genesys Cloud has opened the recording of an audio file, and gives its verdict. */
  async verdict(audioFile: string) {
    await this.gc.settled();
    const recording = this.arrived(audioFile);
    if (recording === undefined) throw new Error(`${audioFile} never arrived`);
    return recording;
  }

  /** The recording of an audio file as Genesys Cloud has it, if it has it. */
  arrived(audioFile: string) {
    return this.gc.recordings().find((one) => one.recordingId === recordingIdOf(audioFile));
  }

  /** Files in the spools of all EXRPs, and those of them with audio in the clear. */
  async spooled() {
    const dir = join(this.dir, 'spool');
    return {
      all: await filesContaining(dir, Buffer.alloc(0)),
      clear: await filesContaining(dir, Buffer.from('OggS')),
    };
  }
}
