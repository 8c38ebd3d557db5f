import { recordingIdOf } from '@exrec/gc-metadata';
import { sampleMetadata } from '@exrec/simulator';
import { waitFor } from '@exrec/testing';
import axios, { type AxiosResponse } from 'axios';

export const apiToken = 'exrp-token';
export const adminToken = 'admin-token';

/** What `GET /api/v1/injections/{recordingId}` says, as far as tests look at it. */
export type InjectionView = {
  readonly recordingId: string;
  readonly state: string;
  readonly cause: string | null;
  readonly detail: string | null;
  readonly attempts: number;
  readonly acceptedAt: string;
  readonly nextTryAt: string | null;
  readonly updatedAt: string;
  readonly flags: readonly string[];
  readonly audio: { readonly sha256: string | null };
  readonly keyId: string | null;
  readonly history: readonly {
    readonly outcome: string;
    readonly cause?: string;
    readonly detail?: string;
    readonly startedAt: string;
    readonly endedAt: string;
  }[];
};

/** What the world may ask of one EXRP. */
export class ExrpClient {
  readonly #url: () => string;

  constructor(url: () => string) {
    this.#url = url;
  }

  /** Asks EXRP for the injection of an audio file until it takes or refuses it: EXCP does not give up at a 503 either. */
  inject(audioFile: string, extra: Readonly<Record<string, unknown>> = {}): Promise<AxiosResponse> {
    return waitFor(
      `an answer about ${audioFile} other than 503`,
      async () => {
        const answer = await this.injectOnce(audioFile, extra);
        return answer.status === 503 ? undefined : answer;
      },
      { everyMs: 200 },
    );
  }

  /** The same with the first answer, whatever it is. */
  injectOnce(
    audioFile: string,
    extra: Readonly<Record<string, unknown>> = {},
  ): Promise<AxiosResponse> {
    return this.post('/api/v1/injections', {
      audioFile,
      metadata: sampleMetadata(audioFile),
      ...extra,
    });
  }

  post(path: string, body: unknown, token: string | null = apiToken): Promise<AxiosResponse> {
    return axios.post(`${this.#url()}${path}`, body, {
      headers: {
        'content-type': 'application/json',
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
      validateStatus: () => true,
      timeout: 30_000,
    });
  }

  admin(path: string, body: unknown = {}): Promise<AxiosResponse> {
    return this.post(path, body, adminToken);
  }

  get(path: string, token: string | null = apiToken): Promise<AxiosResponse> {
    return axios.get(`${this.#url()}${path}`, {
      headers: token === null ? {} : { authorization: `Bearer ${token}` },
      validateStatus: () => true,
      timeout: 30_000,
    });
  }

  async injection(audioFile: string): Promise<InjectionView> {
    const { data } = await this.get(`/api/v1/injections/${recordingIdOf(audioFile)}`);
    return data as InjectionView;
  }

  /** Asks for the next try of an audio file's recording to be now. */
  requeue(audioFile: string): Promise<AxiosResponse> {
    return this.admin(`/api/v1/injections/${recordingIdOf(audioFile)}/requeue`);
  }

  /** Waits until the recording of an audio file is in a state, and of a cause when one is given. */
  until(
    audioFile: string,
    state: string,
    cause?: string,
    timeoutMs = 180_000,
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

  /** The value of a metric with these labels at this moment, 0 when there is none. */
  async metric(name: string, labels: Readonly<Record<string, string>> = {}): Promise<number> {
    const { data } = await this.get('/metrics', null);
    const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
    const line = String(data)
      .split('\n')
      .filter((text) => text.startsWith(`${name}{`) || text.startsWith(`${name} `))
      .find((text) => wanted.every((label) => text.includes(label)));
    return Number(line?.split(' ').at(-1) ?? 0);
  }
}
