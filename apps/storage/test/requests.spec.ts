import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withinBounds } from '@exrec/testing';
import { head, rawStatus } from './raw-request.js';
import { startStorage, username, type StorageServer } from './storage-server.js';

let storage: StorageServer;
beforeAll(async () => {
  storage = await startStorage();
  await storage.put('call.opus', 'OggS and more');
});
afterAll(() => storage.stop());

async function isAlive(): Promise<boolean> {
  return (await fetch(new URL('/health/live', storage.url))).ok;
}

const badTargets = [
  '/%00',
  '/a%00b',
  '/%ff',
  '/%',
  '/%2',
  '/%zz',
  '/..',
  '/../etc/passwd',
  '/%2e%2e/x',
  '/..%2fx',
  '/a%2fb',
  '/a/../b',
  '/.',
  '/./a',
  '/.hidden',
  '/.incoming/x',
  '/a\\b',
  '/a%5cb',
  '/a%25b',
  '/a%20b',
  '/a%0ab',
  '/a%7fb',
  '/a:b',
  '/a*b',
  '/%EF%BC%8F',
  '/%E2%80%AE',
  '/e%CC%81',
  '/a%E2%88%95b',
  '/a%E2%81%84b',
  '/a%E2%A7%B8b',
  '/a%E2%88%96b',
  '/a%CC%B8b',
  '/a%E3%85%A4b',
  '/a#b',
  `/${'x'.repeat(256)}`,
  `/${'d/'.repeat(40)}x`,
];

describe('a name that is not plain', () => {
  const methods = ['GET', 'HEAD', 'PUT', 'DELETE', 'MKCOL', 'PROPFIND', 'COPY', 'MOVE'];

  it.each(badTargets)('%j is 400 for every method, and the process lives', async (target) => {
    for (const method of methods) {
      const text = head(
        `${method} ${target}`,
        'destination: /other',
        'content-length: 0',
        'depth: 0',
      );
      expect(await rawStatus(storage.port, text)).toBe(400);
    }
    expect(await isAlive()).toBe(true);
  });

  it.each(badTargets)('%j is 400 as Destination', async (destination) => {
    for (const method of ['COPY', 'MOVE']) {
      const text = head(`${method} /call.opus`, `destination: ${destination}`);
      expect(await rawStatus(storage.port, text)).toBe(400);
    }
    expect(await isAlive()).toBe(true);
  });
});

describe('a request that makes no sense', () => {
  it.each([
    [400, head('COPY /call.opus')],
    [400, head('MOVE /call.opus', 'destination: nonsense')],
    [400, head('PROPFIND /', 'depth: 2')],
    [400, `${head('PROPFIND /', 'depth: 0', 'content-length: 5')}<oops`],
    [400, `${head('PROPFIND /', 'depth: 0', 'content-length: 4')}<a/>`],
    [403, head('PROPFIND /', 'depth: infinity')],
    [403, head('DELETE /')],
    [403, head('MOVE /', 'destination: /x')],
    [403, head('COPY /call.opus', 'destination: /call.opus')],
    [403, head('PUT /health', 'content-length: 0')],
    [403, head('PUT /Metrics', 'content-length: 0')],
    [403, head('MKCOL /health/x')],
    [403, head('PUT /version', 'content-length: 0')],
    [412, head('DELETE /call.opus', 'if-match: "nonsense"')],
    [412, head('DELETE /none.opus', 'if-match: *')],
    [412, head('DELETE /call.opus', 'if-unmodified-since: Mon, 02 Mar 2020 09:00:00 GMT')],
    [412, head('DELETE /call.opus', 'if-none-match: *')],
    [412, head('MOVE /call.opus', 'destination: /x', 'if-match: "nonsense"')],
    [412, head('COPY /call.opus', 'destination: /x', 'if-match: "nonsense"')],
    [412, head('MKCOL /coll', 'if-match: *')],
    [412, head('PROPFIND /call.opus', 'depth: 0', 'if-match: "nonsense"')],
    [412, head('PUT /call.opus', 'content-length: 0', 'if-match: "nonsense"')],
    [
      412,
      head(
        'PUT /call.opus',
        'content-length: 0',
        'if-unmodified-since: Mon, 02 Mar 2020 09:00:00 GMT',
      ),
    ],
    [412, head('GET /call.opus', 'if-unmodified-since: Mon, 02 Mar 2020 09:00:00 GMT')],
    [415, head('PUT /call.opus', 'content-length: 0', 'content-encoding: gzip')],
    [415, head('PROPFIND /', 'depth: 0', 'content-length: 0', 'content-encoding: br')],
    [403, head('MOVE /call.opus', 'destination: /metrics')],
    [404, head('GET /none.opus')],
    [404, head('GET /call.opus/below')],
    [405, head('PUT /', 'content-length: 0')],
    [405, head('GET /')],
    [405, head('LOCK /call.opus')],
    [405, head('UNLOCK /call.opus')],
    [405, head('PROPPATCH /call.opus')],
    [405, head('POST /call.opus', 'content-length: 0')],
    [409, head('PUT /none/x', 'content-length: 0')],
    [409, head('PUT /call.opus/x', 'content-length: 0')],
    [412, head('DELETE /call.opus', 'if: (<urn:uuid:x>)')],
    [412, head('COPY /call.opus', 'destination: /call2.opus', 'if: (((')],
    [415, `${head('MKCOL /coll', 'transfer-encoding: chunked')}0\r\n\r\n`],
    [415, `${head('DELETE /call.opus', 'content-length: 1')}x`],
    // Answered without waiting for the body, or making room for it.
    [415, head('MKCOL /coll', 'content-length: 4000000000')],
    [415, head('COPY /call.opus', 'destination: /call2.opus', 'content-length: 4000000000')],
  ])('is %d: %j', async (status, text) => {
    expect(await rawStatus(storage.port, text)).toBe(status);
    expect(await isAlive()).toBe(true);
  });

  it('leaves the files as they were', async () => {
    expect(await (await storage.request('GET', '/call.opus')).text()).toBe('OggS and more');
  });
});

describe('credentials', () => {
  it.each([
    ['none', undefined],
    ['a wrong password', `Basic ${Buffer.from(`${username}:wrong`).toString('base64')}`],
    ['another scheme', 'Bearer x'],
    ['rubbish', 'Basic ???'],
  ])('%s: 401 with a challenge, for every method', async (_what, given) => {
    for (const method of ['GET', 'PUT', 'DELETE', 'MKCOL', 'PROPFIND', 'OPTIONS', 'LOCK']) {
      const headers = given === undefined ? undefined : { authorization: given };
      const answer = await fetch(new URL('/call.opus', storage.url), {
        method,
        ...(headers && { headers }),
      });
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toMatch(/^Basic realm=/);
    }
  });

  it('are not needed for health and metrics', async () => {
    const ready = await fetch(new URL('/health/ready', storage.url));
    expect(await ready.json()).toMatchObject({
      status: 'ready',
      checks: { folder: { status: 'up' } },
    });
    const metrics = await (await fetch(new URL('/metrics', storage.url))).text();
    expect(metrics).toMatch(/exrec_storage_free_bytes\{[^}]*\} [1-9]/);
    expect(metrics).not.toContain('call.opus');
  });
});

describe('a link in the folder', () => {
  it('is followed by no method and listed nowhere', async () => {
    await mkdir(join(storage.dir, 'real'));
    await writeFile(join(storage.dir, 'real', 'inside.opus'), 'x');
    await symlink('/etc/hostname', join(storage.dir, 'file-link'));
    await symlink(join(storage.dir, 'real'), join(storage.dir, 'folder-link'));
    for (const path of ['/file-link', '/folder-link/inside.opus']) {
      expect((await storage.request('GET', path)).status).toBe(403);
      expect((await storage.request('PUT', path, { body: 'x' })).status).toBe(403);
      expect((await storage.request('DELETE', path)).status).toBe(403);
    }
    const copy = { headers: { destination: '/copied' } };
    expect((await storage.request('COPY', '/file-link', copy)).status).toBe(403);
    const listing = await storage.request('PROPFIND', '/', { headers: { depth: '1' } });
    expect(await listing.text()).not.toContain('-link');
  });
});

describe('reading', () => {
  it.each([
    ['bytes=0-3', 206, 'OggS', 'bytes 0-3/13'],
    ['bytes=9-', 206, 'more', 'bytes 9-12/13'],
    ['bytes=-4', 206, 'more', 'bytes 9-12/13'],
    ['bytes=9-999', 206, 'more', 'bytes 9-12/13'],
    ['bytes=-999', 206, 'OggS and more', 'bytes 0-12/13'],
    ['bytes=13-', 416, undefined, 'bytes */13'],
    ['bytes=-0', 416, undefined, 'bytes */13'],
    ['bytes=3-1', 200, 'OggS and more', null],
    ['bytes=0-1,3-4', 200, 'OggS and more', null],
    ['lines=1-2', 200, 'OggS and more', null],
  ])('of %s gives %d %s', async (range, status, body, contentRange) => {
    const answer = await storage.request('GET', '/call.opus', { headers: { range } });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-range')).toBe(contentRange);
    const text = await answer.text();
    if (body !== undefined) expect(text).toBe(body);
  });

  it('knows the version: ETag, If-None-Match, If-Range, the same in PROPFIND', async () => {
    const { headers } = await storage.request('HEAD', '/call.opus');
    const etag = headers.get('etag') ?? '';
    expect(headers.get('content-length')).toBe('13');
    expect(headers.get('content-type')).toBe('audio/ogg');
    const unchanged = await storage.request('GET', '/call.opus', {
      headers: { 'if-none-match': etag },
    });
    expect(unchanged.status).toBe(304);
    const other = { range: 'bytes=0-3', 'if-range': '"other"' };
    expect((await storage.request('GET', '/call.opus', { headers: other })).status).toBe(200);
    const propfind = await storage.request('PROPFIND', '/call.opus', { headers: { depth: '0' } });
    expect(await propfind.text()).toContain(`<D:getetag>${etag}</D:getetag>`);
  });
});

describe('PROPFIND', () => {
  const asked = (names: string) => `<propfind xmlns="DAV:"><prop>${names}</prop></propfind>`;
  it.each([
    ['nested tags', asked('<a>'.repeat(9_000)), 400],
    ['nested tags with prefixes', asked('<a xmlns:b="c">'.repeat(4_000)), 400],
    ['many names', asked(Array.from({ length: 6_500 }, (_, n) => `<p${n}/>`).join('')), 400],
    ['long names', asked(`<${'p'.repeat(60_000)}/>`), 400],
    [
      'many attributes',
      asked(`<a ${Array.from({ length: 5_000 }, (_, n) => `b${n}=""`).join(' ')}/>`),
      207,
    ],
    ['as many names as a client may want', asked('<getetag/>'.repeat(40)), 207],
  ])('with %s keeps nobody waiting', async (_what, body, status) => {
    const headers = { depth: '1' };
    await withinBounds(async () => {
      const answer = await storage.request('PROPFIND', '/', { headers, body });
      expect(answer.status).toBe(status);
      expect((await answer.text()).length).toBeLessThan(100_000);
    });
  });

  it('tells found and missing properties apart', async () => {
    const body =
      '<propfind xmlns="DAV:"><prop><getcontentlength/><nonsense/><x xmlns="urn:a&amp;b"/></prop></propfind>';
    const answer = await storage.request('PROPFIND', '/call.opus', {
      headers: { depth: '0' },
      body,
    });
    expect(answer.status).toBe(207);
    const text = await answer.text();
    expect(text).toContain(
      '<D:prop><D:getcontentlength>13</D:getcontentlength></D:prop><D:status>HTTP/1.1 200 OK',
    );
    expect(text).toContain(
      '<D:nonsense/><x xmlns="urn:a&#38;b"/></D:prop><D:status>HTTP/1.1 404 Not Found',
    );
  });

  it('refuses a body that is too large, or that declares entities', async () => {
    const large = { headers: { depth: '0' }, body: 'x'.repeat(70_000) };
    expect((await storage.request('PROPFIND', '/', large)).status).toBe(413);
    const bomb = '<!DOCTYPE a [<!ENTITY a "aa">]><propfind xmlns="DAV:"><allprop/></propfind>';
    expect(
      (await storage.request('PROPFIND', '/', { headers: { depth: '0' }, body: bomb })).status,
    ).toBe(400);
  });
});

it('announces class 1 and its methods, not webdav-server', async () => {
  for (const method of ['OPTIONS', 'DELETE']) {
    const { headers } = await storage.request(method, '/none.opus');
    expect(headers.get('dav')).toBe('1');
    expect(headers.get('allow')).not.toContain('LOCK');
    expect(headers.get('server')).toBeNull();
    expect(headers.get('access-control-allow-origin')).toBeNull();
  }
});
