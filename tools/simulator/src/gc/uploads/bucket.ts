import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { finished } from 'node:stream/promises';
import type { Clock } from '../clock.js';
import type { FaultBook } from '../faults/fault-book.js';
import type { HttpFault } from '../faults/fault.js';
import { cannedReply } from '../faults/misbehave.js';
import type { RawEndpoint, Reply } from '../http/endpoint.js';
import type { ObjectStore } from './object-store.js';
import { orderedRefusal, requestId, S3Error, s3Refusals } from './s3-error.js';
import { checkSignature } from './signature-check.js';
import { presign, type Presign, type SigningKey } from './sigv4.js';

const BUCKET = 'recordings-simulator';
const ROOT = `/${BUCKET}/`;

export type StoredObject = {
  readonly key: string;
  readonly sizeBytes: number;
  readonly md5: string;
};

export type BucketParts = {
  readonly store: ObjectStore;
  readonly faults: FaultBook;
  readonly clock: Clock;
  readonly maxObjectBytes: number;
  readonly onStored: (object: StoredObject) => void;
  /** The text behind a pre-signed GET; undefined: no such key. */
  readonly textOf: (key: string) => string | undefined;
};

/** The S3 side: one bucket, path style, pre-signed requests only. As strict as S3 about everything we may send. */
export class Bucket {
  readonly #parts: BucketParts;
  readonly #signingKey: SigningKey = {
    accessKeyId: `ASIA${randomBytes(8).toString('hex').toUpperCase()}`,
    secretAccessKey: randomBytes(30).toString('base64'),
    region: 'eu-central-1',
  };

  constructor(parts: BucketParts) {
    this.#parts = parts;
  }

  /** A pre-signed URL of an object in this bucket. */
  sign(key: string, request: Omit<Presign, 'path'>): string {
    return presign({ ...request, path: `${ROOT}${key}` }, this.#signingKey);
  }

  endpoints(): readonly RawEndpoint[] {
    return [
      {
        target: 's3.put',
        method: 'PUT',
        below: ROOT,
        serve: (request, response) => this.#serve(request, response),
      },
      {
        target: 's3.get',
        method: 'GET',
        below: ROOT,
        serve: (request, response) => this.#serve(request, response),
      },
    ];
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<number> {
    const target = request.method === 'PUT' ? 's3.put' : 's3.get';
    const fault = this.#parts.faults.take(target, (request.url ?? '').split('?', 1)[0] ?? '');
    if (fault) return this.#misbehave(fault, request, response);
    return send(request, response, await this.#answer(request));
  }

  async #misbehave(
    fault: HttpFault,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<number> {
    await this.#parts.faults.holdUp(fault);
    const refusal = orderedRefusal(fault);
    if (refusal) {
      await drain(request);
      const headers =
        fault.retryAfterSeconds === undefined
          ? {}
          : { 'retry-after': `${fault.retryAfterSeconds}` };
      const reply = refusal.toReply();
      return send(request, response, { ...reply, headers: { ...reply.headers, ...headers } });
    }
    const canned = cannedReply(fault);
    if (canned) return send(request, response, canned);
    if (fault.kind === 'stall') return 0;
    if (fault.kind === 'resetAfterLastByte') await this.#answer(request);
    if (fault.kind === 'resetMidBody')
      await new Promise((resolve) => request.once('data', resolve));
    if (!fault.kind.startsWith('reset'))
      return send(request, response, await this.#answer(request));
    request.socket.resetAndDestroy();
    return 0;
  }

  async #answer(request: IncomingMessage): Promise<Reply> {
    try {
      return await (request.method === 'PUT' ? this.#put(request) : this.#get(request));
    } catch (error) {
      if (error instanceof S3Error) return error.toReply();
      throw error;
    }
  }

  async #put(request: IncomingMessage): Promise<Reply> {
    checkFraming(request);
    const key = this.#keyOf(request);
    const wantedMd5 = contentMd5(request);
    if (Number(request.headers['content-length']) > this.#parts.maxObjectBytes)
      throw s3Refusals.entityTooLarge();
    const incoming = await this.#parts.store.receive(request);
    if (wantedMd5 && !wantedMd5.equals(incoming.md5)) {
      await this.#parts.store.discard(incoming);
      throw s3Refusals.badDigest();
    }
    await this.#parts.store.publish(incoming, key);
    const md5 = incoming.md5.toString('hex');
    this.#parts.onStored({ key, sizeBytes: incoming.sizeBytes, md5 });
    return {
      status: 200,
      headers: { etag: `"${md5}"`, 'x-amz-server-side-encryption': 'AES256' },
      text: '',
    };
  }

  #get(request: IncomingMessage): Reply {
    const text = this.#parts.textOf(this.#keyOf(request));
    if (text === undefined)
      throw new S3Error(404, 'NoSuchKey', 'The specified key does not exist.');
    return { status: 200, headers: { 'content-type': 'application/octet-stream' }, text };
  }

  #keyOf(request: IncomingMessage): string {
    return checkSignature(request, this.#signingKey, this.#parts.clock.now()).slice(ROOT.length);
  }
}

function checkFraming(request: IncomingMessage): void {
  if (request.headers['transfer-encoding'] !== undefined) {
    const message = 'A header you provided implies functionality that is not implemented';
    throw new S3Error(501, 'NotImplemented', message, { Header: 'Transfer-Encoding' });
  }
  if (request.headers['content-length'] === undefined) {
    throw new S3Error(
      411,
      'MissingContentLength',
      'You must provide the Content-Length HTTP header.',
    );
  }
}

function contentMd5(request: IncomingMessage): Buffer | undefined {
  const text = request.headers['content-md5'];
  if (typeof text !== 'string') return undefined;
  const md5 = Buffer.from(text, 'base64');
  if (md5.length === 16 && md5.toString('base64') === text) return md5;
  throw new S3Error(400, 'InvalidDigest', 'The Content-MD5 you specified was invalid.');
}

async function drain(request: IncomingMessage): Promise<void> {
  await finished(request.resume());
}

/** Answers; a body that nobody wanted is read to its end by node, so that the client sees the answer and no reset. */
function send(request: IncomingMessage, response: ServerResponse, reply: Reply): number {
  if (request.destroyed && !request.complete) return 0;
  response.writeHead(reply.status, {
    'x-amz-request-id': requestId(),
    server: 'AmazonS3',
    ...reply.headers,
  });
  response.end(reply.text ?? '');
  return reply.status;
}
