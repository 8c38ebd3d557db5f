import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

type Shown = { bytes: Buffer; modifiedAtMs: number };

/** What one request meets instead of a decent answer; `serve` gives that. */
export type Misbehaviour = (
  response: ServerResponse,
  about: { readonly file: Buffer; readonly serve: () => void },
) => void;

/**
 * A WebDAV server as bad as some are: what is being PUT is shown at once, with the size it has so far,
 * and stays when its sender dies (docs/design/FAILURES.md#3-measured-traps (1)). It misbehaves on order.
 */
export type WebdavStandIn = {
  /** Its folder, with a slash at the end. */
  readonly url: string;
  /** Puts a file there, or in the place of another. */
  show(name: string, bytes: Buffer): void;
  /** The next requests of this method for this file meet these, one each. */
  next(method: 'PROPFIND' | 'GET', name: string, ...orders: readonly Misbehaviour[]): void;
  /** How many requests of a method there were for a file. */
  count(method: string, name: string): number;
  stop(): Promise<void>;
};

export async function startWebdavStandIn(): Promise<WebdavStandIn> {
  const files = new Map<string, Shown>();
  const orders = new Map<string, Misbehaviour[]>();
  const counts = new Map<string, number>();
  const show = (name: string, bytes: Buffer) => {
    // WebDAV's times have whole seconds; a file that is replaced must not look the same.
    const before = files.get(name)?.modifiedAtMs ?? 0;
    files.set(name, { bytes, modifiedAtMs: Math.max(Date.now(), before + 1_000) });
  };
  const serve = (request: IncomingMessage, response: ServerResponse, name: string) => {
    if (request.method === 'PUT') takeIn(request, response, (bytes) => show(name, bytes));
    else answer(request.method === 'PROPFIND', response, files.get(name));
  };
  const listener: RequestListener = (request, response) => {
    const name = decodeURIComponent(request.url ?? '').slice(1);
    const key = `${request.method ?? ''} ${name}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
    const decently = () => {
      if (name === '') answerFolder(response);
      else serve(request, response, name);
    };
    const order = orders.get(key)?.shift();
    const file = files.get(name)?.bytes ?? Buffer.alloc(0);
    if (order === undefined) decently();
    else order(response, { file, serve: decently });
  };
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server that listens has an AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    show,
    next: (method, name, ...given) =>
      orders.set(`${method} ${name}`, [...(orders.get(`${method} ${name}`) ?? []), ...given]),
    count: (method, name) => counts.get(`${method} ${name}`) ?? 0,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function takeIn(
  request: IncomingMessage,
  response: ServerResponse,
  show: (bytes: Buffer) => void,
): void {
  let sofar = Buffer.alloc(0);
  request.on('data', (piece: Buffer) => show((sofar = Buffer.concat([sofar, piece]))));
  request.on('error', () => undefined);
  request.on('end', () => response.writeHead(201).end());
}

function answer(isPropfind: boolean, response: ServerResponse, file: Shown | undefined): void {
  if (file === undefined) return void response.writeHead(404).end();
  const etag = `"${file.bytes.length}-${file.modifiedAtMs}"`;
  const modified = new Date(file.modifiedAtMs).toUTCString();
  if (isPropfind) {
    const properties =
      `<D:getcontentlength>${file.bytes.length}</D:getcontentlength>` +
      `<D:getlastmodified>${modified}</D:getlastmodified><D:getetag>${etag}</D:getetag><D:resourcetype/>`;
    multistatus(response, properties);
    return;
  }
  const headers = { 'content-length': file.bytes.length, etag, 'last-modified': modified };
  response.writeHead(200, headers).end(file.bytes);
}

function answerFolder(response: ServerResponse): void {
  multistatus(response, '<D:resourcetype><D:collection/></D:resourcetype>');
}

function multistatus(response: ServerResponse, properties: string): void {
  response.writeHead(207, { 'content-type': 'application/xml' });
  response.end(
    '<?xml version="1.0"?><D:multistatus xmlns:D="DAV:"><D:response><D:href>/</D:href><D:propstat>' +
      `<D:prop>${properties}</D:prop><D:status>HTTP/1.1 200 OK</D:status>` +
      '</D:propstat></D:response></D:multistatus>',
  );
}
