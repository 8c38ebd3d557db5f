import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readGcMetadataRequest, type GcMetadataRequest } from '@exrec/gc-metadata';

export type ReceivedInjection = {
  readonly audioFile: string;
  readonly metadata: GcMetadataRequest;
  readonly expectedSizeBytes?: number;
  readonly expectedDurationMs?: number;
  readonly authorization: string | undefined;
  readonly requestId: string | undefined;
};

export type Answer = {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: object;
  readonly delayMs?: number;
};

/** Stands in for EXRP: keeps what it gets, refuses metadata that EXRP would refuse, answers as ordered. */
export class ExrpStandIn {
  readonly received: ReceivedInjection[] = [];
  /** Recordings that it says it has, and those that it was asked about. */
  readonly known = new Set<string>();
  readonly asked: string[] = [];
  /** Answers so to what it is asked, whatever it has. */
  askedAnswer: Answer | undefined;
  answer: Answer | ((injection: ReceivedInjection) => Answer) = { status: 202 };
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<ExrpStandIn> {
    const server = createServer();
    const standIn = new ExrpStandIn(server);
    server.on('request', (request, response) => {
      void standIn.#take(request).then(({ status, headers = {}, body = {} }) => {
        response.writeHead(status, { 'content-type': 'application/json', ...headers });
        response.end(JSON.stringify(body));
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return standIn;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  of(mediaId: string): ReceivedInjection[] {
    return this.received.filter(({ audioFile }) => audioFile === mediaId);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  async #take(request: IncomingMessage): Promise<Answer> {
    const [, recordingId] = /^\/api\/v1\/injections\/([\w-]+)$/.exec(request.url ?? '') ?? [];
    if (request.method === 'GET' && recordingId !== undefined) {
      this.asked.push(recordingId);
      const known = { status: 200, body: { recordingId, state: 'queued' } };
      return this.askedAnswer ?? (this.known.has(recordingId) ? known : { status: 404 });
    }
    if (request.url !== '/api/v1/injections' || request.method !== 'POST') return { status: 404 };
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const body = JSON.parse(text) as ReceivedInjection;
    const { authorization } = request.headers;
    const injection = {
      ...body,
      authorization,
      requestId: request.headers['x-request-id'] as string,
    };
    this.received.push(injection);
    const reading = readGcMetadataRequest(body.metadata);
    if (reading.kind !== 'ok') return { status: 400, body: reading };
    const answer = typeof this.answer === 'function' ? this.answer(injection) : this.answer;
    await new Promise((done) => setTimeout(done, answer.delayMs ?? 0));
    return answer;
  }
}
