import { Readable } from 'node:stream';
import type {
  CallOptions,
  ListedAudio,
  OpenAudio,
  RecordingStore,
  StoredAudio,
} from '../recording-store.js';
import { audioName, audioUrl, folderOf, folderUrl } from './audio-url.js';
import { checkedAudio } from './checked-audio.js';
import { audioMissing, storageUnavailable } from './failures.js';
import { propfindBody, readMultistatus, type DavItem } from './multistatus.js';
import { Transport, type DavAnswer } from './transport.js';
import { Failure } from '@exrec/service-kit';

export type WebdavStoreOptions = {
  /** The folder; credentials in it are used when none are given beside it. */
  readonly url: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** Longest silence of the server, milliseconds. */
  readonly idleMs?: number;
};

const defaultIdleMs = 30_000;

/** A recording store on any WebDAV server (class 1), with Basic or Digest authentication or none. */
export function createWebdavRecordingStore(options: WebdavStoreOptions): RecordingStore {
  return new WebdavRecordingStore(options);
}

class WebdavRecordingStore implements RecordingStore {
  readonly #folder: URL;
  readonly #transport: Transport;

  constructor({ url, username, password, idleMs = defaultIdleMs }: WebdavStoreOptions) {
    this.#folder = folderUrl(url);
    const inUrl = credentialsIn(url);
    this.#transport = new Transport({
      url: this.#folder.href,
      username: username ?? inUrl?.username,
      password: password ?? inUrl?.password,
      idleMs,
    });
  }

  async stat(name: string, { signal }: CallOptions = {}): Promise<StoredAudio> {
    const url = audioUrl(this.#folder, name);
    const item = await this.#describe(url, signal);
    if (item.isCollection) throw audioMissing();
    const { sizeBytes = await this.#sizeByGet(name, signal), modifiedAtMs, etag } = item;
    return {
      sizeBytes,
      ...(modifiedAtMs === undefined ? {} : { modifiedAtMs }),
      ...(etag === undefined ? {} : { etag }),
    };
  }

  async open(name: string, { signal }: CallOptions = {}): Promise<OpenAudio> {
    const url = audioUrl(this.#folder, name);
    const headers = { 'accept-encoding': 'identity' };
    const answer = await this.#transport.call({ method: 'GET', url, headers, signal }, 200);
    if (isWebPage(answer.header('content-type'))) {
      answer.giveUp();
      throw storageUnavailable('WebDAV sent a web page instead of audio');
    }
    const described = describe(answer);
    const stream = Readable.from(checkedAudio(answer.pieces, { ...described, signal }), {
      objectMode: false,
    });
    // A reader who leaves early must not wait for the next piece or the idle timer.
    stream.once('close', () => answer.giveUp());
    return { stream, ...described };
  }

  async remove(name: string, { signal }: CallOptions = {}): Promise<void> {
    const url = audioUrl(this.#folder, name);
    const answer = await this.#transport.call(
      { method: 'DELETE', url, signal },
      200,
      202,
      204,
      404,
      410,
    );
    answer.discard();
  }

  async *list({ signal }: CallOptions = {}): AsyncIterable<ListedAudio> {
    // A proxy may show the collection elsewhere than the server has it: what the server calls it is what counts.
    let folder = this.#folder;
    let isFirst = true;
    for await (const { href, isCollection, ...told } of this.#propfind(
      this.#folder.href,
      '1',
      signal,
    )) {
      if (isFirst && isCollection) folder = folderOf(href, folder);
      isFirst = false;
      const name = isCollection ? undefined : audioName(folder, href);
      if (name !== undefined) yield { name, ...told };
    }
  }

  async check({ signal }: CallOptions = {}): Promise<void> {
    const { isCollection } = await this.#describe(this.#folder.href, signal);
    if (!isCollection) throw storageUnavailable('WEBDAV_URL is not a collection');
  }

  close(): void {
    this.#transport.close();
  }

  /** Some servers tell a file's size only when they send it. */
  async #sizeByGet(name: string, signal?: AbortSignal): Promise<number> {
    const { stream, sizeBytes } = await this.open(name, signal === undefined ? {} : { signal });
    stream.destroy();
    if (sizeBytes === undefined)
      throw storageUnavailable('WebDAV does not tell the size of a file');
    return sizeBytes;
  }

  /** Reads the answer to its end, so that the connection can be used again. */
  async #describe(url: string, signal?: AbortSignal): Promise<DavItem> {
    let first: DavItem | undefined;
    for await (const item of this.#propfind(url, '0', signal)) first ??= item;
    if (first === undefined) throw storageUnavailable('WebDAV answered without an item');
    return first;
  }

  async *#propfind(
    url: string,
    depth: '0' | '1',
    signal?: AbortSignal,
  ): AsyncIterable<DavItem & { storageNowMs?: number }> {
    const headers = {
      depth,
      'content-type': 'application/xml',
      accept: 'application/xml, text/xml',
    };
    const isFolder = url === this.#folder.href;
    try {
      const call = { method: 'PROPFIND', url, headers, body: propfindBody, signal } as const;
      const answer = await this.#transport.call(call, 207);
      const storageNowMs = Date.parse(answer.header('date') ?? '');
      const clock = Number.isNaN(storageNowMs) ? {} : { storageNowMs };
      for await (const item of readMultistatus(answer.pieces)) yield { ...item, ...clock };
    } catch (error) {
      if (signal?.aborted === true) throw error;
      if (!(error instanceof Failure))
        throw storageUnavailable('WebDAV sent a listing that cannot be read', error);
      throw isFolder && error.code === 'audio-missing'
        ? storageUnavailable('WEBDAV_URL does not exist')
        : error;
    }
  }
}

function describe(answer: DavAnswer): Omit<OpenAudio, 'stream'> {
  const length = answer.header('content-length');
  const modifiedAtMs = Date.parse(answer.header('last-modified') ?? '');
  const etag = answer.header('etag');
  return {
    ...(length === null || !/^\d+$/.test(length) ? {} : { sizeBytes: Number(length) }),
    ...(Number.isNaN(modifiedAtMs) ? {} : { modifiedAtMs }),
    ...(etag === null ? {} : { etag }),
  };
}

function isWebPage(contentType: string | null): boolean {
  return /^(text\/html|application\/xhtml\+xml)\b/i.test(contentType ?? '');
}

function credentialsIn(
  webdavUrl: string,
): { readonly username: string; readonly password: string } | undefined {
  const { username, password } = new URL(webdavUrl);
  return username === ''
    ? undefined
    : { username: decodeURIComponent(username), password: decodeURIComponent(password) };
}
