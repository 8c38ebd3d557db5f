import { Failure } from '@exrec/service-kit';
import { isCallUUID } from '../collect/index.js';
import { isJsonArray, ownValue, textOf } from '../interaction/index.js';
import { RwsHttp, type RwsAnswer, type RwsHttpOptions } from './rws-http.js';
import { noAnswer } from './rws-failure.js';
import type { RwsPause } from './rws-pause.js';
import { readRecording, type RwsRecording } from './rws-recording.js';
import { searchRows } from './search-rows.js';

export interface RwsClientOptions extends RwsHttpOptions {
  /** RWS_URL; may have a path. */
  readonly url: string;
  /** Asked from RWS when absent. */
  readonly contactCenterId?: string | undefined;
  /** RWS_AUDIO_NAME_TEMPLATE, see `audioName`. */
  readonly audioNameTemplate: string;
  /** The pause that RWS asked for, whoever of the fleet was told. */
  readonly pause?: Pick<RwsPause, 'remainingMs' | 'begin'> | undefined;
  /** Told of each request: `ok` or the failure's code. */
  readonly onRequest?: ((outcome: string, durationMs: number) => void) | undefined;
}

export interface TimeWindow {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** A wrong answer about contact centers needs a person. */
const contactCenterRetryMs = 5 * 60_000;

/**
 * Reads GIR's Interaction Recording Web Services (docs/reference/genesys-facts.md#3-gir-rws-interaction-recording-web-services). Every failure is a `Failure` for later; none tells an address,
 * a phone number or a credential.
 */
export class RwsClient {
  readonly #http: RwsHttp;
  #contactCenterId: Promise<string> | undefined;

  constructor(private readonly options: RwsClientOptions) {
    this.#http = new RwsHttp(options);
  }

  /**
   * What RWS knows about one call (docs/reference/genesys-facts.md#31-endpoints, docs/reference/genesys-facts.md#34-the-recording-resource).
   * @throws Failure `rws-not-found` (not there yet, or another region's), `rws-contact-center` (RWS names none or several
   *   and none is set), and those of `answerFailure`
   */
  async recording(callUUID: string): Promise<RwsRecording> {
    const center = encodeURIComponent(await this.contactCenterId());
    const path = `ops/contact-centers/${center}/recordings/${encodeURIComponent(callUUID)}`;
    return this.#recordingAt(path);
  }

  /**
   * The recordings of a time, each at least once, as they come. A failure on any page is thrown: what came before
   * it is not all. A listed recording that can't be found any more is left out; one at which RWS fails has the `failure`.
   * @throws Failure as `searchRows`
   */
  async *search({ fromMs, untilMs }: TimeWindow): AsyncGenerator<RwsRecording> {
    const first = this.#at('recordings');
    // How RWS wants its times is not public (docs/reference/genesys-facts.md#33-query-parameters); this is the one form that it shows without a `+`.
    first.searchParams.set('startTime', new Date(fromMs).toISOString());
    first.searchParams.set('stopTime', new Date(untilMs).toISOString());
    for await (const row of searchRows({ first, get: (url) => this.#get(url) })) {
      if (row.kind === 'recording') {
        yield readRecording(row.json, this.options.audioNameTemplate);
        continue;
      }
      const recording = await this.#listed(row.uri);
      if (recording !== undefined) yield recording;
    }
  }

  /** The one that is set, else the only one that RWS has. */
  async contactCenterId(): Promise<string> {
    if (this.options.contactCenterId !== undefined) return this.options.contactCenterId;
    this.#contactCenterId ??= this.#onlyContactCenterId();
    try {
      return await this.#contactCenterId;
    } catch (error) {
      this.#contactCenterId = undefined;
      throw error;
    }
  }

  /** Ends what runs, with a Failure for those who wait. */
  close(): void {
    this.#http.close();
  }

  async #onlyContactCenterId(): Promise<string> {
    const { body } = await this.#get(this.#at('ops/contact-centers'));
    const uris = ownValue(body, 'uris');
    // `…/api/v2/ops/contact-centers/<id>` (docs/reference/genesys-facts.md#31-endpoints)
    const ids = new Set(
      (isJsonArray(uris) ? uris : []).map((uri) => lastPathElement(textOf(uri) ?? '')),
    );
    ids.delete('');
    const [id] = ids;
    if (id !== undefined && ids.size === 1) return id;
    throw Failure.later('rws-contact-center', {
      detail: `RWS names ${ids.size} contact centers: set RWS_CONTACT_CENTER_ID`,
      retryAfterMs: contactCenterRetryMs,
    });
  }

  /** By its id on our own server, whatever host RWS takes itself for. */
  async #listed(uri: string): Promise<RwsRecording | undefined> {
    const id = lastPathElement(uri);
    if (!isCallUUID(id)) {
      const fault = { index: 0, pointer: '/uris', reason: 'ends in no CallUUID' };
      return { id: undefined, segments: [], rejected: [fault] };
    }
    try {
      return await this.listed(id);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (error.code === 'rws-not-found') return undefined;
      if (error.code === noAnswer || error.retryAfterMs !== undefined) throw error;
      return { id, segments: [], rejected: [], failure: error };
    }
  }

  /**
   * A recording that a search has listed by its address.
   * @throws Failure as `recording`
   */
  listed(id: string): Promise<RwsRecording> {
    return this.#recordingAt(`recordings/${encodeURIComponent(id)}`);
  }

  async #recordingAt(path: string): Promise<RwsRecording> {
    const { body } = await this.#get(this.#at(path));
    return readRecording(body, this.options.audioNameTemplate);
  }

  /** @throws Failure `rws-paused` without asking, while RWS wants to be left alone */
  async #get(url: URL): Promise<RwsAnswer> {
    const { pause } = this.options;
    const retryAfterMs = (await pause?.remainingMs()) ?? 0;
    if (retryAfterMs > 0)
      throw Failure.later('rws-paused', { detail: 'RWS wants to be left alone', retryAfterMs });
    try {
      return await this.#ask(url);
    } catch (error) {
      if (error instanceof Failure && error.retryAfterMs !== undefined)
        await pause?.begin(error.retryAfterMs);
      throw error;
    }
  }

  async #ask(url: URL): Promise<RwsAnswer> {
    const startMs = performance.now();
    let outcome = 'ok';
    try {
      return await this.#http.get(url);
    } catch (error) {
      outcome = error instanceof Failure ? error.code : 'error';
      throw error;
    } finally {
      this.options.onRequest?.(outcome, performance.now() - startMs);
    }
  }

  #at(path: string): URL {
    const url = new URL(this.options.url);
    url.pathname = [...url.pathname.split('/').filter(Boolean), 'api/v2', path].join('/');
    url.search = '';
    url.hash = '';
    return url;
  }
}

/** Empty when there is none that can be read. */
function lastPathElement(uri: string): string {
  if (!URL.canParse(uri, 'http://rws')) return '';
  try {
    return decodeURIComponent(new URL(uri, 'http://rws').pathname.split('/').at(-1) ?? '');
  } catch {
    return '';
  }
}
