import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Readable } from 'node:stream';
import { Failure } from '@exrec/service-kit';
import axios, { type AxiosInstance, type AxiosRequestConfig } from 'axios';
import * as z from 'zod';
import type { RecordingStanding } from './compare.js';

export type ExrpRecordsOptions = {
  readonly url: string;
  /** May be missing only where EXRP listens on loopback. */
  readonly token: () => string | undefined;
  /** Silence of EXRP that ends a call. */
  readonly stallMs?: number;
};

export type ExrpAudioFile = {
  readonly name: string;
  readonly modifiedAtMs: number;
  /** State of its recording; null: EXRP has none. */
  readonly state: string | null;
};
export type ExrpRecording = { readonly audioFile: string; readonly acceptedAtMs: number };

/** Most ids of one lookup (EXRP's limit). */
export const lookupSize = 1_000;
const pageSize = 200;
const maxAnswerBytes = 32 * 1024 * 1024;
/** States of recordings that are not confirmed: those that somebody may still have to act on. */
const unconfirmed = [
  'queued',
  'waiting',
  'fetching',
  'sealing',
  'uploading',
  'uploaded',
  'failed',
] as const;

const time = z.iso.datetime().transform((text) => Date.parse(text));
const lookupSchema = z.object({
  items: z.array(
    z.object({
      recordingId: z.string(),
      state: z.string().nullable(),
      cause: z.string().nullable(),
      uploadedAt: time.nullish(),
    }),
  ),
});
const pageSchema = z.object({
  items: z.array(z.object({ audioFile: z.string(), acceptedAt: time })),
  nextCursor: z.string().nullable(),
});
const fileSchema = z.object({
  name: z.string(),
  modifiedAt: time,
  state: z.string().nullable(),
});

/** What EXRP tells about its recordings and the audio files. Every call fails with `exrp-unavailable` (later). */
export class ExrpRecords {
  readonly #axios: AxiosInstance;
  readonly #agents = {
    httpAgent: new HttpAgent({ keepAlive: true }),
    httpsAgent: new HttpsAgent({ keepAlive: true }),
  };
  readonly #stallMs: number;

  constructor({ url, token, stallMs = 60_000 }: ExrpRecordsOptions) {
    this.#stallMs = stallMs;
    this.#axios = axios.create({
      ...this.#agents,
      baseURL: url,
      timeout: stallMs,
      maxRedirects: 0,
      proxy: false,
      maxContentLength: maxAnswerBytes,
    });
    this.#axios.interceptors.request.use((request) => {
      const present = token();
      if (present !== undefined) request.headers.set('authorization', `Bearer ${present}`);
      return request;
    });
  }

  /** What EXRP knows of these recordings, at most `lookupSize`, in their order. */
  async lookup(recordingIds: readonly string[]): Promise<RecordingStanding[]> {
    const config = { method: 'POST', url: '/api/v1/injections/lookup', data: { recordingIds } };
    const { items } = await this.#ask(lookupSchema, config);
    const byId = new Map(items.map((item) => [item.recordingId, item]));
    return recordingIds.map((id) => {
      const { state = null, cause = null, uploadedAt } = byId.get(id) ?? {};
      return { state, cause, uploadedAtMs: uploadedAt ?? undefined };
    });
  }

  /** All recordings that are not confirmed; some may move on meanwhile. */
  async *unconfirmed(): AsyncGenerator<ExrpRecording> {
    for (const state of unconfirmed) {
      let cursor: string | null | undefined;
      while (cursor !== null) {
        const params: Record<string, string | number> = { state, limit: pageSize };
        if (cursor !== undefined) params.cursor = cursor;
        const page: z.infer<typeof pageSchema> = await this.#ask(pageSchema, {
          url: '/api/v1/injections',
          params,
        });
        for (const { audioFile, acceptedAt } of page.items) {
          yield { audioFile, acceptedAtMs: acceptedAt };
        }
        cursor = page.nextCursor;
      }
    }
  }

  /** All audio files, as the storage lists them. */
  async *audioFiles(): AsyncGenerator<ExrpAudioFile> {
    const stream = await this.#request<Readable>({
      url: '/api/v1/audio-files',
      responseType: 'stream',
    });
    const giveUp = () => stream.destroy(new Error('no progress'));
    const timer = setTimeout(giveUp, this.#stallMs);
    try {
      for await (const line of lines(stream)) {
        timer.refresh();
        const { name, modifiedAt, state } = fileSchema.parse(JSON.parse(line));
        yield { name, modifiedAtMs: modifiedAt, state };
      }
    } catch (error) {
      throw unavailable('/api/v1/audio-files', error);
    } finally {
      clearTimeout(timer);
      stream.destroy();
    }
  }

  close(): void {
    this.#agents.httpAgent.destroy();
    this.#agents.httpsAgent.destroy();
  }

  async #ask<T extends z.ZodType>(schema: T, config: AxiosRequestConfig): Promise<z.infer<T>> {
    const data = await this.#request<unknown>({ ...config, responseType: 'json' });
    const parsed = schema.safeParse(data);
    if (parsed.success) return parsed.data;
    throw unavailable(config.url, new Error('unexpected answer'));
  }

  async #request<T>(config: AxiosRequestConfig): Promise<T> {
    try {
      return (await this.#axios.request<T>(config)).data;
    } catch (error) {
      throw unavailable(config.url, error);
    }
  }
}

async function* lines(stream: Readable): AsyncGenerator<string> {
  let rest = '';
  stream.setEncoding('utf8');
  for await (const chunk of stream) {
    const pieces = `${rest}${String(chunk)}`.split('\n');
    rest = pieces.pop() ?? '';
    yield* pieces.filter((piece) => piece !== '');
  }
  if (rest !== '') yield rest;
}

/** Status or error code only: messages of HTTP errors may carry credentials. */
function unavailable(path: string | undefined, error: unknown): Failure {
  const reason = axios.isAxiosError(error)
    ? (error.response?.status ?? error.code ?? 'no answer')
    : 'the answer cannot be used';
  return Failure.later('exrp-unavailable', { detail: `${path ?? ''}: ${reason}` });
}
