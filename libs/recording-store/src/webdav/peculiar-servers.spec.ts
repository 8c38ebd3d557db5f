import type { Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { response, startRawServer, type RawServer } from '../../test/raw-server.js';
import type { RecordingStore } from '../recording-store.js';
import { createWebdavRecordingStore } from './webdav-recording-store.js';

const name = 'call.opus';

let server: RawServer;
let store: RecordingStore;

async function storeBefore(answer: (socket: Socket, request: string) => void): Promise<void> {
  server = await startRawServer(answer);
  store = createWebdavRecordingStore({ url: server.url });
}

async function readAll(): Promise<Buffer> {
  return buffer((await store.open(name)).stream);
}

async function everything(): Promise<unknown[]> {
  const seen: unknown[] = [];
  for await (const audio of store.list()) seen.push(audio);
  return seen;
}

afterEach(async () => {
  store.close();
  await server.stop();
});

describe('a peculiar server', () => {
  const file = 'OggS and what follows';
  const item = (href: string, properties: string) =>
    `<D:response><D:href>${href}</D:href><D:propstat><D:prop>${properties}</D:prop>` +
    '<D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response>';
  const folder = '<D:resourcetype><D:collection/></D:resourcetype>';
  const listing = (...items: readonly string[]) =>
    `<D:multistatus xmlns:D="DAV:">${items.join('')}</D:multistatus>`;
  const length = `<D:getcontentlength>${file.length}</D:getcontentlength>`;
  const modified = '<D:getlastmodified>Mon, 02 Mar 2026 09:15:04 GMT</D:getlastmodified>';
  const modifiedAtMs = Date.UTC(2026, 2, 2, 9, 15, 4);
  const answers = (properties: string) => (socket: Socket, request: string) =>
    void socket.write(
      request.startsWith('GET')
        ? response('200 OK', {}, file)
        : response('207 Multi-Status', {}, listing(item('/rec/call.opus', properties))),
    );

  it.each([
    ['tells no time', length, { sizeBytes: file.length }],
    [
      'tells the time in another language',
      `${length}<D:getlastmodified>am 2. März</D:getlastmodified>`,
      { sizeBytes: file.length },
    ],
    ['tells the size only when it sends', modified, { sizeBytes: file.length, modifiedAtMs }],
  ])('that %s is good enough', async (_what, properties, expected) => {
    await storeBefore(answers(properties));
    expect(await store.stat(name)).toEqual(expected);
    expect(await readAll()).toEqual(Buffer.from(file));
    expect(await everything()).toEqual([expect.objectContaining({ name })]);
  });

  it('that tells no size at all is storage-unavailable', async () => {
    await storeBefore((socket, request) => {
      if (request.startsWith('GET')) socket.end('HTTP/1.1 200 OK\r\n\r\nOggS');
      else answers(modified)(socket, request);
    });
    await expect(store.stat(name)).rejects.toMatchObject({ code: 'storage-unavailable' });
  });

  it.each(['/', '/backend/dav/', 'http://backend:8080/dav/'])(
    'behind a proxy that maps our folder to %s is read, and its sub-collections are not',
    async (base) => {
      const members = [
        item(base, folder),
        item(`${base}call.opus`, length + modified),
        item(`${base}sub/`, folder),
        item(`${base}sub/other.opus`, length + modified),
      ];
      await storeBefore((socket) => {
        socket.write(response('207 Multi-Status', {}, listing(...members)));
      });
      expect(await everything()).toEqual([{ name, sizeBytes: file.length, modifiedAtMs }]);
    },
  );

  it.each([
    ['gzip', gzipSync(file)],
    ['X-GZIP', gzipSync(file)],
    ['deflate', deflateSync(file)],
    ['br', brotliCompressSync(file)],
    ['identity', Buffer.from(file)],
  ])('that sends %s though nobody asked is understood', async (coding, body) => {
    await storeBefore((socket) => {
      const headers = { 'content-encoding': coding, 'content-length': `${body.length}` };
      socket.write(response('200 OK', headers));
      socket.write(body);
    });
    expect(await readAll()).toEqual(Buffer.from(file));
  });

  it('that cuts what it compressed, or compresses in its own way, is found out', async () => {
    const cut = gzipSync(Buffer.alloc(100_000, 'random')).subarray(0, 100);
    await storeBefore((socket) => {
      socket.write(response('200 OK', { 'content-encoding': 'gzip', 'content-length': '100' }));
      socket.write(cut);
    });
    await expect(readAll()).rejects.toMatchObject({ code: 'audio-incomplete' });
    await server.stop();
    await storeBefore((socket) =>
      socket.write(response('200 OK', { 'content-encoding': 'zz' }, 'x')),
    );
    await expect(readAll()).rejects.toMatchObject({ code: 'storage-unavailable', retry: 'later' });
  });
});
