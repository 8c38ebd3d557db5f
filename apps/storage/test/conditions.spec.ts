import { once } from 'node:events';
import { head, rawStatus, sendRaw } from './raw-request.js';
import { startStorage, type StorageServer } from './storage-server.js';

let storage: StorageServer;
beforeAll(async () => {
  storage = await startStorage();
  await storage.put('call.opus', 'OggS and more');
});
afterAll(() => storage.stop());

it('does what a condition allows', async () => {
  const etag = (await storage.put('condition.opus', 'x')).headers.get('etag') ?? '';
  const weak = { headers: { 'if-match': `W/${etag}` } };
  expect((await storage.request('DELETE', '/condition.opus', weak)).status).toBe(412);
  const moved = { headers: { 'if-match': etag, destination: '/condition-2.opus' } };
  expect((await storage.request('MOVE', '/condition.opus', moved)).status).toBe(201);
  const since = { headers: { 'if-unmodified-since': new Date(Date.now() + 1000).toUTCString() } };
  expect((await storage.request('DELETE', '/condition-2.opus', since)).ok).toBe(true);
});

it('copies and moves behind a proxy that changes Host', async () => {
  const headers = { destination: 'https://recordings.example.com:8443/copy.opus' };
  expect((await storage.request('COPY', '/call.opus', { headers })).status).toBe(201);
  const back = { destination: 'http://elsewhere/moved.opus' };
  expect((await storage.request('MOVE', '/copy.opus', { headers: back })).status).toBe(201);
  expect((await storage.request('DELETE', '/moved.opus')).ok).toBe(true);
});

describe('Expect: 100-continue', () => {
  const upload = (authorised: boolean) => {
    const text = head('PUT /asked-first.opus', 'expect: 100-continue', 'content-length: 4');
    return authorised ? text : text.replace(/authorization: .*\r\n/, '');
  };

  it('is answered with 401 and no invitation without credentials', async () => {
    expect(await rawStatus(storage.port, upload(false))).toBe(401);
  });

  it('is answered with the invitation, and the upload works', async () => {
    const socket = await sendRaw(storage.port, upload(true));
    const [first] = (await once(socket, 'data')) as [Buffer];
    expect(first.toString()).toMatch(/^HTTP\/1\.1 100 /);
    socket.write('OggS');
    const [second] = (await once(socket, 'data')) as [Buffer];
    expect(second.toString()).toMatch(/^HTTP\/1\.1 201 /);
    socket.destroy();
  });

  it('invites nobody whose condition does not hold', async () => {
    const text = upload(true).replace('expect:', 'if-match: "other"\r\nexpect:');
    expect(await rawStatus(storage.port, text)).toBe(412);
  });
});
