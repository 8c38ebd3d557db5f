import { once } from 'node:events';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Socket } from 'node:net';
import { waitFor, withinBounds } from '@exrec/testing';
import { createStorageApp } from '../src/server.js';
import { head, rawStatus, sendRaw } from './raw-request.js';
import { startStorage, type StorageServer } from './storage-server.js';

let storage: StorageServer;
beforeEach(async () => {
  storage = await startStorage();
});
afterEach(() => storage.stop());

/** Starts a PUT of 1000 bytes, sends some of them and waits until the storage is writing. */
async function startUpload(name: string, sent = 'x'.repeat(300)): Promise<Socket> {
  const before = (await storage.unfinished()).length;
  const socket = await sendRaw(storage.port, head(`PUT /${name}`, 'content-length: 1000') + sent);
  await waitFor('the upload to begin', async () => (await storage.unfinished()).length > before);
  return socket;
}

async function finishUpload(socket: Socket, rest: string): Promise<void> {
  socket.write(rest);
  await once(socket, 'data');
  socket.destroy();
}

async function textOf(name: string): Promise<string> {
  return (await storage.request('GET', `/${name}`)).text();
}

async function noUpload(): Promise<void> {
  await waitFor('unfinished files to go', async () => (await storage.unfinished()).length === 0);
}

describe('a file that is being written', () => {
  it('is 404 for GET, HEAD, PROPFIND and no member of its collection', async () => {
    const upload = await startUpload('new.opus');
    expect((await storage.request('GET', '/new.opus')).status).toBe(404);
    expect((await storage.request('HEAD', '/new.opus')).status).toBe(404);
    const depth0 = { headers: { depth: '0' } };
    expect((await storage.request('PROPFIND', '/new.opus', depth0)).status).toBe(404);
    const listing = await storage.request('PROPFIND', '/', { headers: { depth: '1' } });
    expect(await listing.text()).not.toMatch(/new\.opus|incoming/);
    upload.destroy();
  });

  it('shows the old content until the new one is whole', async () => {
    await storage.put('call.opus', 'old');
    const upload = await startUpload('call.opus');
    expect(await textOf('call.opus')).toBe('old');
    await finishUpload(upload, 'x'.repeat(700));
    expect(await textOf('call.opus')).toBe('x'.repeat(1000));
  });

  it('leaves nothing when its writer dies', async () => {
    await storage.put('call.opus', 'old');
    const uploads = [await startUpload('call.opus'), await startUpload('new.opus')];
    for (const upload of uploads) upload.destroy();
    await noUpload();
    expect(await textOf('call.opus')).toBe('old');
    expect((await storage.request('GET', '/new.opus')).status).toBe(404);
  });

  it('leaves nothing when a chunked body ends without its last chunk', async () => {
    const text = `${head('PUT /new.opus', 'transfer-encoding: chunked')}5\r\nhello\r\n`;
    const upload = await sendRaw(storage.port, text);
    await waitFor('the upload to begin', async () => (await storage.unfinished()).length > 0);
    upload.end();
    await noUpload();
    expect((await storage.request('GET', '/new.opus')).status).toBe(404);
  });

  it('appears even when the name was deleted meanwhile', async () => {
    await storage.put('call.opus', 'old');
    const upload = await startUpload('call.opus');
    expect((await storage.request('DELETE', '/call.opus')).status).toBeLessThan(300);
    await finishUpload(upload, 'x'.repeat(700));
    expect(await textOf('call.opus')).toHaveLength(1000);
  });

  it('is refused with 409 when its collection was deleted meanwhile', async () => {
    await storage.request('MKCOL', '/sub/');
    const upload = await startUpload('sub/call.opus');
    await storage.request('DELETE', '/sub/');
    upload.write('x'.repeat(700));
    const [answer] = (await once(upload, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 409/);
    await noUpload();
  });
});

describe('two uploads to one name', () => {
  it('never mix: the last to finish stays', async () => {
    const first = await startUpload('call.opus', 'a'.repeat(300));
    const second = await startUpload('call.opus', 'b'.repeat(300));
    await finishUpload(second, 'b'.repeat(700));
    expect(await textOf('call.opus')).toBe('b'.repeat(1000));
    await finishUpload(first, 'a'.repeat(700));
    expect(await textOf('call.opus')).toBe('a'.repeat(1000));
  });

  it('never mix, forty at once', async () => {
    const letters = Array.from('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMN');
    const answers = await Promise.all(
      letters.map((letter) => storage.put('call.opus', letter.repeat(200_000))),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(new Set(await textOf('call.opus')).size).toBe(1);
  });
});

describe('a reader', () => {
  it('gets one version to its end while the file is replaced and deleted', async () => {
    const old = 'o'.repeat(20_000_000);
    await storage.put('call.opus', old);
    const response = await storage.request('GET', '/call.opus');
    await storage.put('call.opus', 'n'.repeat(30_000_000));
    await storage.request('DELETE', '/call.opus');
    expect((await response.text()) === old).toBe(true);
  });
});

describe('uploads that stand still', () => {
  it('take memory up to one bound together, and the rest goes to the disk', async () => {
    const piece = Buffer.alloc(1_900_000, 'x');
    const start = head('PUT /stalled.opus', 'content-length: 2000000');
    // Two thirds of them would fill what may be gathered.
    const uploads = 100;
    const sockets: Socket[] = [];
    await withinBounds(
      async () => {
        for (let turn = 0; turn < uploads; turn++) {
          const socket = await sendRaw(storage.port, start);
          sockets.push(socket);
          await new Promise((resolve) => socket.write(piece, resolve));
        }
        await waitFor('the bytes to be read', async () => {
          const sizes = await storage.unfinishedBytes();
          return sizes > uploads * piece.length - 100_000_000;
        });
      },
      { grownBytes: 110_000_000 },
    );
    for (const socket of sockets) socket.destroy();
    await noUpload();
    expect((await storage.put('next.opus', 'x')).status).toBe(201);
  });
});

describe('aborted transfers', () => {
  it('leak no file descriptor: 50 uploads and 50 downloads', async () => {
    await storage.put('big.opus', Buffer.alloc(8_000_000));
    const descriptors = async () => (await readdir('/proc/self/fd')).length;
    const before = await descriptors();
    for (let turn = 0; turn < 50; turn++) {
      (await startUpload(`aborted-${turn}.opus`)).destroy();
      const download = await sendRaw(storage.port, head('GET /big.opus'));
      await once(download, 'data');
      download.destroy();
    }
    await noUpload();
    await waitFor('all descriptors to be closed', async () => (await descriptors()) <= before);
    expect(await readdir(storage.dir)).toEqual(expect.arrayContaining(['.incoming', 'big.opus']));
    expect(await readdir(storage.dir)).toHaveLength(2);
  });
});

describe('the start', () => {
  it('removes what an earlier process left unfinished and keeps the rest', async () => {
    await storage.put('call.opus', 'kept');
    const earlier = join(storage.dir, '.incoming', '3670', 'earlier');
    await mkdir(earlier, { recursive: true });
    await writeFile(join(earlier, 'left-over'), 'half');
    const next = await startStorage({ dir: storage.dir });
    expect(await next.unfinished()).toEqual([]);
    expect(await (await next.request('GET', '/call.opus')).text()).toBe('kept');
    await close(next);
  });

  it('on another port leaves the uploads of the first one alone', async () => {
    const upload = await startUpload('call.opus');
    const second = await startStorage({ dir: storage.dir, instance: '3671' });
    await finishUpload(upload, 'x'.repeat(700));
    expect(await textOf('call.opus')).toBe('x'.repeat(1000));
    await close(second);
  });

  it('on a taken port leaves the uploads of the one that has it alone', async () => {
    const upload = await startUpload('call.opus');
    await createStorageApp({ dir: storage.dir, instance: '3670' });
    await finishUpload(upload, 'x'.repeat(700));
    expect(await textOf('call.opus')).toBe('x'.repeat(1000));
  });
});

/** Ends a server but leaves its folder. */
async function close({ http }: StorageServer): Promise<void> {
  http.closeAllConnections();
  await new Promise((resolve) => http.close(resolve));
}

describe('conditions', () => {
  it('If-None-Match: * creates and never replaces', async () => {
    const init = { headers: { 'if-none-match': '*' }, body: 'x' };
    expect((await storage.request('PUT', '/call.opus', init)).status).toBe(201);
    expect((await storage.request('PUT', '/call.opus', init)).status).toBe(412);
  });

  it('If-Match replaces only the version it names', async () => {
    const etag = (await storage.put('call.opus', 'one')).headers.get('etag') ?? '';
    await storage.put('call.opus', 'two');
    const init = { headers: { 'if-match': etag }, body: 'three' };
    expect((await storage.request('PUT', '/call.opus', init)).status).toBe(412);
    expect(await textOf('call.opus')).toBe('two');
  });

  it('a partial PUT is refused', async () => {
    const text = head('PUT /call.opus', 'content-length: 1', 'content-range: bytes 0-0/2');
    expect(await rawStatus(storage.port, `${text}x`)).toBe(400);
  });
});
