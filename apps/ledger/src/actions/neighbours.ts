import { unavailable } from '@exrec/service-kit';

export type Neighbour = 'EXCP' | 'EXRP';

export type ForwardedRequest = {
  readonly method: 'GET' | 'POST';
  /** From the root, with its query. */
  readonly path: string;
  /** The caller's own: who may not do it there may not do it through the ledger. */
  readonly authorization: string | undefined;
  readonly requestId: string;
  readonly body?: unknown;
};

export type ForwardedAnswer = { readonly status: number; readonly body: unknown };

/** Somebody waits for the answer. */
const timeoutMs = 30_000;

/** EXCP and EXRP, asked in the name of whoever asks the ledger. */
export class Neighbours {
  readonly #urls: Readonly<Record<Neighbour, string>>;

  constructor(urls: Readonly<Record<Neighbour, string>>) {
    this.#urls = urls;
  }

  /**
   * Asks and gives the answer as it is, refusals included.
   * @throws HttpProblem 503 when there is none
   */
  async ask(neighbour: Neighbour, request: ForwardedRequest): Promise<ForwardedAnswer> {
    const { method, path, authorization, requestId, body } = request;
    try {
      const answer = await fetch(new URL(path, this.#urls[neighbour]), {
        method,
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
        headers: {
          'x-request-id': requestId,
          ...(authorization === undefined ? {} : { authorization }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      return { status: answer.status, body: text === '' ? undefined : parsed(text) };
    } catch {
      // Where it is stays out of the answer.
      throw unavailable(`${neighbour} does not answer`);
    }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return { text: text.slice(0, 1_000) };
  }
}
