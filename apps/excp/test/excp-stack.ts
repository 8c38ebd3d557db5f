import { startApp, startRedis, waitFor, type RedisServer, type StartedApp } from '@exrec/testing';
import axios, { type AxiosResponse } from 'axios';
import { ExrpStandIn } from './exrp-stand-in.js';

export const adminToken = 'admin-token';
export const apiToken = 'exrp-token';

/** What `GET /api/v1/interactions/{callUUID}` says, as far as tests look at it. */
export type InteractionView = {
  readonly interactionId: string;
  readonly state: string;
  readonly endedBy: string | null;
  readonly flags: readonly string[];
  readonly events: readonly { readonly event: string }[];
  readonly calls: readonly { readonly callUUID: string }[];
  readonly parties: readonly { readonly dn: string; readonly originationQueue?: string }[];
  readonly segments: readonly {
    readonly mediaId: string;
    readonly recordingId: string;
    readonly queue: string | null;
    readonly scope: { readonly inScope: boolean; readonly rule: string };
    readonly sta: { readonly requested: boolean; readonly reason?: string };
    readonly dispatch: {
      readonly state: string;
      readonly cause: string | null;
      readonly detail: string | null;
      readonly attempts: number;
      readonly nextTryAt: string | null;
    };
  }[];
};

/** Short periods, so that interactions end while a test waits. */
const quickly = {
  EXCP_QUIET_PERIOD_SECONDS: '0.5',
  EXCP_SETTLE_SECONDS: '0.3',
};

/** Redis, a stand-in for EXRP and one EXCP, all on loopback. Genesys Cloud is away. */
export class ExcpStack {
  readonly #others: StartedApp[] = [];

  private constructor(
    readonly redis: RedisServer,
    readonly exrp: ExrpStandIn,
    readonly env: Readonly<Record<string, string>>,
    public excp: StartedApp,
  ) {}

  static async start(
    settings: Readonly<Record<string, string>> = {},
    redisArgs: readonly string[] = [],
  ): Promise<ExcpStack> {
    const [redis, exrp] = await Promise.all([startRedis(redisArgs), ExrpStandIn.start()]);
    const env = {
      REDIS_URL: redis.url,
      GC_API_URL: 'http://127.0.0.1:9',
      GC_LOGIN_URL: 'http://127.0.0.1:9',
      GC_CLIENT_ID: 'client',
      GC_CLIENT_SECRET: 'client-secret',
      EXRP_URL: exrp.url,
      EXRP_API_TOKEN: apiToken,
      ADMIN_TOKEN: adminToken,
      ...quickly,
      ...settings,
    };
    try {
      return new ExcpStack(redis, exrp, env, await startApp('excp', env));
    } catch (error) {
      await Promise.all([redis.stop(), exrp.stop()]);
      throw error;
    }
  }

  /** One more instance on the same Redis. */
  async another(settings: Readonly<Record<string, string>> = {}): Promise<StartedApp> {
    const app = await startApp('excp', { ...this.env, ...settings });
    this.#others.push(app);
    return app;
  }

  /** The same instance again, after it has ended. */
  async restart(settings: Readonly<Record<string, string>> = {}): Promise<void> {
    this.excp = await startApp('excp', { ...this.env, ...settings }, this.excp.port);
  }

  async stop(): Promise<void> {
    await Promise.all([this.excp, ...this.#others].map((app) => app.kill()));
    await Promise.all([this.redis.stop(), this.exrp.stop()]);
  }

  /** Posts metadata again and again while the answer is 503, which a slow Redis gets. */
  postMetadata(body: unknown, options: PostOptions = {}): Promise<AxiosResponse> {
    return untilTaken(() => this.postMetadataOnce(body, options));
  }

  /** Posts call events again and again while the answer is 503. */
  postEvents(body: unknown, options: PostOptions = {}): Promise<AxiosResponse> {
    return untilTaken(() => this.postEventsOnce(body, options));
  }

  postMetadataOnce(body: unknown, options: PostOptions = {}): Promise<AxiosResponse> {
    return this.#post('/api/contact-centers/cc1/recordings', body, options);
  }

  postEventsOnce(body: unknown, options: PostOptions = {}): Promise<AxiosResponse> {
    return this.#post('/api/v1/call-events', body, options);
  }

  end(callUUID: string): Promise<AxiosResponse> {
    return this.#post(`/api/v1/interactions/${callUUID}/end`, '', {
      headers: { authorization: `Bearer ${adminToken}` },
    });
  }

  /** Which program and language a call would get. */
  preview(question: object, token = adminToken): Promise<AxiosResponse> {
    return this.#post('/api/v1/sta/preview', question, {
      headers: { authorization: `Bearer ${token}` },
    });
  }

  get(path: string, token = adminToken): Promise<AxiosResponse> {
    return axios.get(`${this.excp.url}${path}`, {
      validateStatus: () => true,
      headers: { authorization: `Bearer ${token}` },
    });
  }

  async interaction(callUUID: string): Promise<InteractionView> {
    const response = await untilTaken(() => this.get(`/api/v1/interactions/${callUUID}`));
    if (response.status !== 200) throw new Error(`the interaction was answered ${response.status}`);
    return response.data as InteractionView;
  }

  /** Waits until an interaction is in a state. */
  async reaches(callUUID: string, state: string, timeoutMs = 180_000): Promise<InteractionView> {
    return waitFor(
      `${callUUID} to be ${state}`,
      async () => {
        const view = await this.interaction(callUUID).catch(() => undefined);
        return view?.state === state ? view : undefined;
      },
      { timeoutMs },
    );
  }

  #post(path: string, body: unknown, options: PostOptions): Promise<AxiosResponse> {
    const { app = this.excp, headers = {}, timeoutMs = 30_000 } = options;
    const isBytes = typeof body === 'string' || Buffer.isBuffer(body);
    return axios.post(`${app.url}${path}`, isBytes ? body : JSON.stringify(body), {
      validateStatus: () => true,
      timeout: timeoutMs,
      maxBodyLength: Infinity,
      // Nothing of axios' own goes on the wire.
      transformRequest: (data: unknown) => data,
      headers: { 'content-type': 'application/json', ...headers },
    });
  }
}

function untilTaken(ask: () => Promise<AxiosResponse>): Promise<AxiosResponse> {
  return waitFor(
    'an answer other than 503',
    async () => {
      const answer = await ask();
      return answer.status === 503 ? undefined : answer;
    },
    { everyMs: 200 },
  );
}

export type PostOptions = {
  readonly app?: StartedApp;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
};
