import type { Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { waitFor } from '@exrec/testing';
import { response, startRawServer, type RawServer } from '../../test/raw-server.js';
import type { RecordingStore } from '../recording-store.js';
import { createWebdavRecordingStore, type WebdavStoreOptions } from './webdav-recording-store.js';

const name = 'call.opus';
/** Where a silence of the server is the subject, not a slow machine. */
const idleMs = 1_000;

let server: RawServer;
let store: RecordingStore;
const others: RawServer[] = [];

async function storeBefore(
  answer: (socket: Socket, request: string) => void,
  options: Partial<WebdavStoreOptions> = {},
): Promise<void> {
  server = await startRawServer(answer);
  store = createWebdavRecordingStore({
    url: server.url,
    username: 'mcp',
    password: 'secret',
    ...options,
  });
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
  await Promise.all([server, ...others.splice(0)].map((each) => each.stop()));
});

describe('a download', () => {
  it('fails as audio-incomplete when it is cut before its Content-Length', async () => {
    await storeBefore((socket) => {
      socket.end('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nOggS only this much');
    });
    await expect(readAll()).rejects.toMatchObject({ code: 'audio-incomplete', retry: 'later' });
  });

  it('fails as audio-incomplete when the connection is reset', async () => {
    await storeBefore((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nOggS', () =>
        socket.resetAndDestroy(),
      );
    });
    await expect(readAll()).rejects.toMatchObject({ code: 'audio-incomplete' });
  });

  it('fails as audio-incomplete when a chunked body ends without its last chunk', async () => {
    await storeBefore((socket) => {
      socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nOggS.\r\n');
    });
    await expect(readAll()).rejects.toMatchObject({ code: 'audio-incomplete' });
  });

  it('tells no size when none was announced, so that the reader compares', async () => {
    await storeBefore((socket) => {
      socket.end('HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nOggS');
    });
    const { stream, sizeBytes } = await store.open(name);
    expect(sizeBytes).toBeUndefined();
    expect(await buffer(stream)).toHaveLength(4);
  });

  it('fails within the idle time when it stalls, and frees the connection', async () => {
    let closed = false;
    const stalling = (socket: Socket) => {
      socket.on('close', () => (closed = true));
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nOggS');
    };
    await storeBefore(stalling, { idleMs });
    await expect(readAll()).rejects.toMatchObject({ code: 'storage-unavailable', retry: 'later' });
    await waitFor('the connection to close', () => closed);
  });

  it('fails within the idle time when no answer comes at all', async () => {
    await storeBefore(() => undefined, { idleMs });
    await expect(store.open(name)).rejects.toMatchObject({ code: 'storage-unavailable' });
    await expect(store.stat(name)).rejects.toMatchObject({ code: 'storage-unavailable' });
  });

  it('does not hold a slow reader against the server', async () => {
    const content = 'x'.repeat(2_000_000);
    await storeBefore((socket) => socket.write(response('200 OK', {}, content)), { idleMs });
    const { stream } = await store.open(name);
    const pieces = stream[Symbol.asyncIterator]();
    await pieces.next();
    await new Promise((resolve) => setTimeout(resolve, 2 * idleMs));
    let bytes = 0;
    for (let piece = await pieces.next(); piece.done !== true; piece = await pieces.next()) {
      bytes += Buffer.byteLength(piece.value);
    }
    expect(bytes).toBeGreaterThan(1_000_000);
  });

  it('ends with the reason of its signal, and frees the connection', async () => {
    let closed = false;
    await storeBefore((socket) => {
      socket.on('close', () => (closed = true));
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nOggS');
    });
    const caller = new AbortController();
    const { stream } = await store.open(name, { signal: caller.signal });
    const reading = buffer(stream);
    caller.abort(new Error('shutting down'));
    await expect(reading).rejects.toThrow('shutting down');
    await waitFor('the connection to close', () => closed);
  });

  it('frees the connection when the reader leaves early', async () => {
    let closed = false;
    await storeBefore((socket) => {
      socket.on('close', () => (closed = true));
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nOggS');
    });
    const { stream } = await store.open(name);
    stream.destroy();
    await waitFor('the connection to close', () => closed);
  });

  it('uses one connection for many downloads', async () => {
    await storeBefore((socket) => socket.write(response('200 OK', {}, 'OggS')));
    for (let turn = 0; turn < 5; turn++) await readAll();
    expect(server.connections()).toBe(1);
  });
});

describe('a web page instead of audio', () => {
  const page = '<!DOCTYPE html><title>Log in</title>';

  it.each([
    ['by its type', { 'content-type': 'text/html; charset=utf-8' }],
    ['by its first bytes', { 'content-type': 'application/octet-stream' }],
  ])('is storage-unavailable, known %s', async (_by, headers) => {
    await storeBefore((socket) => socket.write(response('200 OK', headers, page)));
    await expect(readAll()).rejects.toMatchObject({ code: 'storage-unavailable', retry: 'later' });
  });

  it.each([
    ['200 OK', page],
    ['207 Multi-Status', page],
    ['207 Multi-Status', '<?xml version="1.0"?><D:multistatus xmlns:D="DAV:"><D:response>'],
    ['207 Multi-Status', '<!DOCTYPE x [<!ENTITY a "b">]><multistatus xmlns="DAV:"/>'],
  ])('is storage-unavailable for stat, list and check: %s %s', async (status, body) => {
    await storeBefore((socket) => socket.write(response(status, {}, body)));
    const failure = { code: 'storage-unavailable', retry: 'later' };
    await expect(store.stat(name)).rejects.toMatchObject(failure);
    await expect(everything()).rejects.toMatchObject(failure);
    await expect(store.check()).rejects.toMatchObject(failure);
  });
});

describe('a refusal', () => {
  it.each([
    '401 Unauthorized',
    '403 Forbidden',
    '423 Locked',
    '500 Oops',
    '502 Bad',
    '503 Busy',
    '507 Full',
  ])('%s is storage-unavailable, later, for every call', async (status) => {
    await storeBefore((socket) => socket.write(response(status, { 'retry-after': '7' }, 'no')));
    const failure = { code: 'storage-unavailable', retry: 'later', retryAfterMs: 7000 };
    await expect(store.stat(name)).rejects.toMatchObject(failure);
    await expect(store.open(name)).rejects.toMatchObject(failure);
    await expect(store.remove(name)).rejects.toMatchObject(failure);
    await expect(everything()).rejects.toMatchObject(failure);
    await expect(store.check()).rejects.toMatchObject(failure);
    expect(server.requests).toHaveLength(5);
  });

  it.each(['86400', 'Fri, 31 Dec 2100 23:59:59 GMT'])(
    'that wants us away for too long is asked again after 15 min: %s',
    async (retryAfter) => {
      await storeBefore((socket) =>
        socket.write(
          response(
            '503 Busy',
            { 'retry-after': retryAfter, date: 'Mon, 02 Mar 2026 09:15:00 GMT' },
            'no',
          ),
        ),
      );
      await expect(store.stat(name)).rejects.toMatchObject({ retryAfterMs: 900_000 });
    },
  );

  it('of the folder itself is storage-unavailable, not a missing recording', async () => {
    await storeBefore((socket) => socket.write(response('404 Not Found')));
    await expect(store.check()).rejects.toMatchObject({ code: 'storage-unavailable' });
    await expect(everything()).rejects.toMatchObject({ code: 'storage-unavailable' });
  });

  it('by nobody listening is storage-unavailable, and shows neither URL nor credentials', async () => {
    await storeBefore(() => undefined);
    await server.stop();
    const failure = await store.stat(name).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'storage-unavailable' });
    expect(String(failure)).not.toMatch(/secret|mcp|http:|call\.opus/);
  });
});

describe('a redirect', () => {
  it.each(['301 Moved', '302 Found', '307 Temporary', '308 Permanent'])(
    '%s to another host is not followed',
    async (status) => {
      const other = await startRawServer((socket) => socket.write(response('200 OK', {}, 'OggS')));
      others.push(other);
      await storeBefore((socket) => socket.write(response(status, { location: other.url })));
      await expect(store.open(name)).rejects.toMatchObject({ code: 'storage-unavailable' });
      await expect(store.stat(name)).rejects.toMatchObject({ code: 'storage-unavailable' });
      await expect(store.remove(name)).rejects.toMatchObject({ code: 'storage-unavailable' });
      expect(other.requests).toEqual([]);
    },
  );
});

describe('credentials', () => {
  it('are sent as Basic at once', async () => {
    await storeBefore((socket) => socket.write(response('200 OK', {}, 'OggS')));
    await readAll();
    const expected = Buffer.from('mcp:secret').toString('base64');
    expect(server.requests[0]).toMatch(new RegExp(`^authorization: Basic ${expected}`, 'im'));
  });

  it('are UTF-8, whatever letters they have', async () => {
    const password = 'Grüße und Kasse€1';
    await storeBefore((socket) => socket.write(response('200 OK', {}, 'OggS')), { password });
    await readAll();
    const expected = Buffer.from(`mcp:${password}`, 'utf8').toString('base64');
    expect(server.requests[0]).toMatch(new RegExp(`^authorization: Basic ${expected}`, 'im'));
  });

  it('may stand in the URL', async () => {
    await storeBefore((socket) => socket.write(response('200 OK', {}, 'OggS')));
    store.close();
    store = createWebdavRecordingStore({ url: server.url.replace('//', '//mcp:secret@') });
    await readAll();
    expect(server.requests[0]).toMatch(/^authorization: Basic /im);
    expect(server.requests[0]).toMatch(/^GET \/rec\/call\.opus /);
  });
});
