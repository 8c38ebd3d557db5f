import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { RwsClient } from './rws-client.js';

const canaries = ['+4930555010', '4930555010', 'canary-user', 'canary-password', 'canary-cookie'];
const ids = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => ({ id: `CALL${from + index}`, mediaFiles: [] }));

let server: Server;
let client: RwsClient;
let requests: IncomingMessage[];

/** An RWS that says what no real one should. */
async function start(answer: (url: URL, response: ServerResponse) => unknown): Promise<string> {
  requests = [];
  server = createServer((request, response) => {
    requests.push(request);
    const body = answer(new URL(request.url ?? '/', 'http://rws.test'), response);
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', () => done()));
  const { port } = server.address() as AddressInfo; // a TCP server that listens has one
  const origin = `http://127.0.0.1:${port}`;
  client = new RwsClient({
    ...{ url: origin, username: 'canary-user', password: 'canary-password' },
    ...{ contactCenterId: 'cc', audioNameTemplate: '{stem}.opus' },
  });
  return origin;
}

afterEach(async () => {
  client.close();
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

async function found(): Promise<(string | undefined)[]> {
  const rows: (string | undefined)[] = [];
  for await (const { id } of client.search({ fromMs: 0, untilMs: 1000 })) rows.push(id);
  return rows;
}

const failing = (code: string, detail: RegExp) => ({
  code,
  retry: 'later',
  detail: expect.stringMatching(detail),
});

it.each([
  'http://rws.evil.example/api/v2/recordings?offset=1',
  '//rws.evil.example/x',
  'https://127.0.0.1@rws.evil.example/x',
])('does not follow to another host: %s', async (nextUri) => {
  await start(() => ({ recordings: ids(0, 1), nextUri }));
  await expect(found()).rejects.toMatchObject(failing('rws-unavailable', /another host/));
  expect(requests).toHaveLength(1);
});

it('keeps to its own server when RWS names another scheme and port of its host', async () => {
  await start(({ searchParams }) =>
    searchParams.has('offset')
      ? { recordings: ids(1, 1) }
      : { recordings: ids(0, 1), nextUri: 'https://127.0.0.1:1/api/v2/recordings?offset=1' },
  );
  expect(await found()).toEqual(['CALL0', 'CALL1']);
});

it.each([
  ['to itself', () => '/api/v2/recordings?offset=1', 2],
  ['to ever new addresses', (at: number) => `/api/v2/recordings?offset=${at}`, 11],
])('refuses pages that lead %s', async (_name, next, most) => {
  let page = 0;
  await start(() => ({ recordings: ids(0, 2), next: next((page += 1)) }));
  await expect(found()).rejects.toMatchObject(failing('rws-unavailable', /loop/));
  expect(requests.length).toBeLessThanOrEqual(most);
});

it('takes an empty page in the middle for no end', async () => {
  const pages = [ids(0, 2), [], ids(2, 1)];
  await start(({ searchParams }) => {
    const at = Number(searchParams.get('page') ?? 0);
    return { recordings: pages[at], next: at < 2 ? `?page=${at + 1}` : null };
  });
  expect(await found()).toEqual(['CALL0', 'CALL1', 'CALL2']);
});

describe('an RWS without pages', () => {
  const ignoring = (count: number) => () => ({ recordings: ids(0, count) });
  const refusing = (count: number) => (url: URL, response: ServerResponse) => {
    if (url.searchParams.has('offset')) response.statusCode = 400;
    return { recordings: ids(0, count) };
  };

  it.each([
    ['ignores', ignoring],
    ['refuses', refusing],
  ])('is done with its only page when it %s an offset', async (_name, answering) => {
    await start(answering(99));
    expect(new Set(await found()).size).toBe(99);
  });

  it.each([
    ['ignores', ignoring],
    ['refuses', refusing],
  ])(
    'may keep something back when it %s an offset and gives 100 rows',
    async (_name, answering) => {
      await start(answering(100));
      await expect(found()).rejects.toMatchObject(failing('rws-incomplete', /100 rows/));
    },
  );
});

it.each([
  ['neither recordings nor addresses', { statusCode: 0, total: 5 }],
  ['an array', []],
  ['an error inside', { statusCode: 7, statusMessage: canaries.join(' ') }],
  ['a depth bomb', `{"recordings":${'['.repeat(50_000)}${']'.repeat(50_000)}}`],
])('fails on %s', async (_name, body) => {
  await start(() => body);
  await expect(found()).rejects.toMatchObject(failing('rws-unavailable', /./));
});

it('asks for less when there is more than we take', async () => {
  await start(() => `{"recordings":["${'x'.repeat(33 * 1024 * 1024)}"]}`);
  await expect(found()).rejects.toMatchObject(failing('rws-incomplete', /too long/));
});

it('ends a listed address that is no call with a rejection, and asks no other host', async () => {
  await start(({ pathname }) =>
    pathname.endsWith('/recordings')
      ? { uris: ['http://rws.evil.example/recordings/CALL7', 'http://x/%2e%2e%2fadmin', 'a b'] }
      : { recording: ids(7, 1)[0] },
  );
  expect(await found()).toEqual(['CALL7', undefined, undefined]);
  expect(requests.map(({ url }) => url?.replace(/\?.*/, ''))).toEqual([
    '/api/v2/recordings',
    '/api/v2/recordings/CALL7',
    '/api/v2/recordings',
  ]);
});

it('sends Basic and the session cookie, and drops the session when it is refused', async () => {
  let status = 200;
  await start((_url, response) => {
    response.setHeader('Set-Cookie', ['JSESSIONID=canary-cookie; Path=/; HttpOnly', 'gone=']);
    response.statusCode = status;
    return { recordings: [] };
  });
  await found();
  await found();
  status = 401;
  await expect(found()).rejects.toMatchObject({ code: 'rws-unauthorized' });
  await expect(found()).rejects.toMatchObject({ code: 'rws-unauthorized' });
  const cookies = requests.map(({ headers }) => headers.cookie);
  expect(cookies).toEqual([
    undefined,
    ...Array<string>(2).fill('JSESSIONID=canary-cookie'),
    undefined,
  ]);
  const basic = `Basic ${Buffer.from('canary-user:canary-password').toString('base64')}`;
  expect(new Set(requests.map(({ headers }) => headers.authorization))).toEqual(new Set([basic]));
});

it.each([
  ['a refusal', (response: ServerResponse) => (response.statusCode = 403)],
  [
    'a redirect',
    (response: ServerResponse) =>
      response.writeHead(302, { Location: `http://127.0.0.1:1/?ani=${canaries[1]}` }),
  ],
  ['a broken connection', (response: ServerResponse) => response.destroy()],
  ['garbage', () => undefined],
])('gives nothing away in the error about %s', async (_name, misbehave) => {
  const origin = await start((_url, response) => {
    response.setHeader('Set-Cookie', 'JSESSIONID=canary-cookie');
    misbehave(response);
    return canaries.join(' ');
  });
  const error: unknown = await found().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Error);
  const { message, stack, cause } = error as Error;
  const told = [message, stack, JSON.stringify(error), String(cause)].join('\n');
  for (const canary of [...canaries, origin, 'authorization']) expect(told).not.toContain(canary);
});
