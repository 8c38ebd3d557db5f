import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';

export type HttpAnswer = { readonly status: number; readonly body: string };

export type HttpMessage = {
  readonly method: 'PUT' | 'POST';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Spreads the body over this time. */
  readonly overMs?: number;
  /** Drops the connection when this many bytes of the body are out. */
  readonly diesAfterBytes?: number;
  /** Gives up, and the connection with it. */
  readonly signal?: AbortSignal;
};

/** What sends a request: {@link sendRequest}, or what asks again where that fails. */
export type Send = (message: HttpMessage) => Promise<HttpAnswer>;

const slowPieces = 10;

/**
 * Sends one request with exactly the given headers plus `Content-Length`. Node's own client rather than
 * `fetch`, which adds a Content-Type, hides half-sent bodies and sends streams chunked.
 * @throws the socket's error, also when the message was to die half-way
 */
export async function sendRequest(message: HttpMessage): Promise<HttpAnswer> {
  const { url, method, body } = message;
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const headers = { ...message.headers, 'Content-Length': body.length };
  const { signal } = message;
  const request = send(url, { method, headers, ...(signal === undefined ? {} : { signal }) });
  const response = new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve);
    request.on('error', reject);
  });
  // It may fail while the body is still being written; the `await` below reports it.
  response.catch(() => undefined);

  const written = body.subarray(0, message.diesAfterBytes ?? body.length);
  for (const piece of pieces(written, message.overMs)) {
    await new Promise((resolve) => request.write(piece, resolve));
    if (message.overMs !== undefined) await sleep(message.overMs / slowPieces);
  }
  if (message.diesAfterBytes === undefined) request.end();
  else request.destroy(new Error('the uploader died'));
  return readAnswer(await response);
}

/** `Authorization: Basic` for these credentials; no header without a name. */
export function basicAuthHeader(username?: string, password = ''): Record<string, string> {
  if (username === undefined) return {};
  return {
    Authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
  };
}

function pieces(body: Buffer, overMs: number | undefined): Buffer[] {
  if (body.length === 0) return [];
  if (overMs === undefined) return [body];
  const sizeBytes = Math.ceil(body.length / slowPieces);
  const count = Math.ceil(body.length / sizeBytes);
  return Array.from({ length: count }, (_, index) =>
    body.subarray(index * sizeBytes, (index + 1) * sizeBytes),
  );
}

async function readAnswer(response: IncomingMessage): Promise<HttpAnswer> {
  let body = '';
  response.setEncoding('utf8');
  for await (const chunk of response) body += String(chunk);
  return { status: response.statusCode ?? 0, body };
}
