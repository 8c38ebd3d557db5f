import { clientKeyOf, gcHosts, outboundAgents, type GcCredentials } from '@exrec/gc-api';
import axios, { isAxiosError, type AxiosInstance } from 'axios';
import type { AllSettings } from './settings.js';

export type GcAnswer = {
  /** 0: no answer. */
  readonly status: number;
  readonly body: unknown;
  /** GC's clock less ours, milliseconds; undefined without a `Date`. */
  readonly clockAheadMs: number | undefined;
};

const patienceMs = 20_000;

/** One OAuth client at Genesys Cloud, asked plainly: each answer as it is, no retry, no budget of the fleet. */
export class GcClient {
  /** The last digits of its id's digest: enough to tell clients apart, and no secret. */
  readonly name: string;
  readonly #credentials: GcCredentials;
  readonly #hosts: ReturnType<typeof gcHosts>;
  readonly #axios: AxiosInstance;
  #token: string | undefined;

  constructor(credentials: GcCredentials, settings: AllSettings) {
    const { GC_REGION: region, GC_API_URL: apiUrl, GC_LOGIN_URL: loginUrl } = settings;
    const { HTTPS_PROXY, NO_PROXY } = settings;
    this.name = `…${clientKeyOf(credentials.clientId).slice(-4)}`;
    this.#credentials = credentials;
    this.#hosts = gcHosts({ region, apiUrl, loginUrl });
    this.#axios = axios.create({
      ...outboundAgents(this.#hosts.apiUrl, {
        proxyEnv: { HTTPS_PROXY, NO_PROXY },
        stallMs: patienceMs,
      }),
      timeout: patienceMs,
      maxRedirects: 0,
      proxy: false,
      validateStatus: () => true,
    });
  }

  async login(): Promise<GcAnswer> {
    const { clientId, clientSecret } = this.#credentials;
    const answer = await this.#send('POST', `${this.#hosts.loginUrl}/oauth/token`, {
      data: 'grant_type=client_credentials',
      headers: {
        authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
    });
    const { access_token: token } = (answer.body ?? {}) as { access_token?: unknown };
    this.#token = typeof token === 'string' ? token : undefined;
    return answer;
  }

  /** @param path below the API's origin, e.g. `/api/v2/recording/recordingkeys` */
  call(method: 'GET' | 'POST' | 'PUT', path: string, data?: unknown): Promise<GcAnswer> {
    const headers = { authorization: `Bearer ${this.#token ?? ''}` };
    return this.#send(method, this.#hosts.apiUrl + path, {
      headers,
      ...(data === undefined ? {} : { data }),
    });
  }

  async #send(method: string, url: string, config: object): Promise<GcAnswer> {
    const askedAtMs = Date.now();
    try {
      const { status, data, headers } = await this.#axios.request<unknown>({
        method,
        url,
        ...config,
      });
      const dateMs = Date.parse(String(headers.date ?? ''));
      const ourMs = (askedAtMs + Date.now()) / 2;
      const clockAheadMs = Number.isNaN(dateMs) ? undefined : dateMs - ourMs;
      return { status, body: data, clockAheadMs };
    } catch (error) {
      // The message of such an error may hold the URL or the header.
      const code = isAxiosError(error) ? error.code : undefined;
      return { status: 0, body: { message: code ?? 'no answer' }, clockAheadMs: undefined };
    }
  }
}
