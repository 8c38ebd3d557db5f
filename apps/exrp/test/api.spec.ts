import { connect } from 'node:net';
import { recordingIdOf } from '@exrec/gc-metadata';
import { sampleMetadata } from '@exrec/simulator';
import { bundledApp, startProcess, waitFor } from '@exrec/testing';
import axios, { type AxiosResponse } from 'axios';
import { apiToken } from './exrp-client.js';
import { ExrpStack } from './exrp-stack.js';

let stack: ExrpStack;
beforeAll(async () => {
  stack = await ExrpStack.start();
});
afterAll(() => stack.stop());

const path = '/api/v1/injections';
const good = { audioFile: 'x.opus', metadata: sampleMetadata('x.opus') };

function postRaw(
  body: Buffer | string,
  headers: Readonly<Record<string, string>> = {},
): Promise<AxiosResponse> {
  return axios.post(`${stack.exrp.url}${path}`, body, {
    headers: {
      authorization: `Bearer ${apiToken}`,
      'content-type': 'application/json',
      ...headers,
    },
    transformRequest: [(data: unknown) => data],
    maxBodyLength: Infinity,
    validateStatus: () => true,
  });
}

describe('the name of the audio file', () => {
  it.each([
    '../x.opus',
    '..%2fx.opus',
    '/abs.opus',
    'a\\..\\b.opus',
    'nul\0.opus',
    'nul%00.opus',
    'http://127.0.0.1/x.opus',
    '.hidden.opus',
    'x'.repeat(300),
    'trailing.opus ',
    '100%.opus',
    'a/b.opus',
    '..',
    '',
  ])('is refused with a pointer and reaches no storage: %j', async (audioFile) => {
    const answer = await stack.post(path, { ...good, audioFile });
    expect(answer.status).toBe(400);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.data.errors).toMatchObject([{ pointer: '/audioFile' }]);
    expect((await stack.injection('x.opus')).state).toBeUndefined();
  });
});

it('refuses metadata with the id of another file, with a pointer', async () => {
  const answer = await stack.post(path, { ...good, audioFile: 'other.opus' });
  expect(answer.status).toBe(400);
  expect(answer.data.errors).toMatchObject([{ pointer: '/metadata/recordingId' }]);
  expect((await stack.injection('x.opus')).state).toBeUndefined();
});

describe('a body', () => {
  const nested = `{"audioFile":${'['.repeat(200_000)}${']'.repeat(200_000)}}`;
  const latin1 = Buffer.from(JSON.stringify(good).replace('VQ_', 'VQ_ü'), 'latin1');
  it.each<[string, Buffer | string, Readonly<Record<string, string>>, number]>([
    ['of 10 MB', Buffer.alloc(10_000_000, ' '), {}, 413],
    ['packed in a way that nobody knows', 'x', { 'content-encoding': 'compress' }, 415],
    ['nested 200,000 times', nested, {}, 400],
    ['in Latin-1', latin1, {}, 400],
    [
      'that is a form',
      'audioFile=x.opus',
      { 'content-type': 'application/x-www-form-urlencoded' },
      400,
    ],
    ['that is XML', '<injection/>', { 'content-type': 'text/xml' }, 400],
    ['cut short', '{"audioFile":"x.opus","meta', {}, 400],
    ['that is null', 'null', {}, 400],
    ['that is empty', '', {}, 400],
    ['that is a list', '[]', {}, 400],
    ['with a wrong type', JSON.stringify({ ...good, metadata: 'x' }), {}, 400],
    ['with a negative size', JSON.stringify({ ...good, expectedSizeBytes: -1 }), {}, 400],
  ])('%s is refused', async (_what, body, headers, status) => {
    const answer = await postRaw(body, headers);
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toContain('application/problem+json');
  });

  it('that tries to change prototypes changes none', async () => {
    const body = JSON.stringify(good).replace(
      '{"audioFile"',
      '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"audioFile"',
    );
    const evil = body.replace('"metadata":{', '"metadata":{"__proto__":{"polluted":true},');
    expect([202, 400]).toContain((await postRaw(evil)).status);
    expect(JSON.stringify((await stack.get(path)).data)).not.toContain('polluted');
  });

  it('that names a newer schema version is held back by the caller, not dropped', async () => {
    const metadata = { ...good.metadata, schemaVersion: 2 };
    const answer = await stack.post(path, { ...good, metadata });
    expect(answer.status).toBe(503);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
  });
});

it('answers others while clients send their requests byte by byte', async () => {
  const url = new URL(stack.exrp.url);
  const slow = Array.from({ length: 200 }, () => {
    const socket = connect(Number(url.port), url.hostname, () =>
      socket.write(`POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n`),
    );
    return socket.on('error', () => undefined);
  });
  const startedAtMs = Date.now();
  expect((await stack.get(path)).status).toBe(200);
  expect(Date.now() - startedAtMs).toBeLessThan(8_000);
  for (const socket of slow) socket.destroy();
});

describe('access', () => {
  const id = recordingIdOf('x.opus');
  it.each<[string, (token: string | null) => Promise<AxiosResponse>, string]>([
    ['an injection', (token) => stack.post(path, good, token), 'admin-token'],
    ['the list', (token) => stack.get(path, token), 'wrong'],
    ['one injection', (token) => stack.get(`${path}/${id}`, token), 'wrong'],
    ['a requeue', (token) => stack.post(`${path}/${id}/requeue`, {}, token), apiToken],
    ['a mass requeue', (token) => stack.post(`${path}/requeue`, { cause: 'x' }, token), apiToken],
  ])('to %s needs its own token', async (_what, ask, wrongToken) => {
    for (const token of [null, '', wrongToken, `${apiToken}x`]) {
      const answer = await ask(token);
      expect(answer.status).toBe(401);
      expect(answer.headers['www-authenticate']).toContain('Bearer');
    }
  });

  it('to the admin calls is off without an ADMIN_TOKEN', async () => {
    const { client, app } = await stack.another({ REDIS_KEY_PREFIX: 'no-admin', ADMIN_TOKEN: '' });
    for (const token of [null, '', apiToken, 'undefined']) {
      expect((await client.post(`${path}/${id}/requeue`, {}, token)).status).toBe(401);
    }
    await app.kill();
  });
});

it('refuses to start with wrong settings: all of them at once, without their values', async () => {
  const secret = 'sEcReT-value-4711';
  const process = await startProcess({
    args: [await bundledApp('exrp')],
    env: {
      EXRP_HOST: '0.0.0.0',
      EXRP_PORT: secret,
      EXRP_CONCURRENCY: '0',
      GC_KEY_REFRESH_SECONDS: '-5',
      REDIS_URL: `http://user:${secret}@127.0.0.1`,
      WEBDAV_USERNAME: secret,
      GC_CLIENT_SECRET: secret,
      GC_CLIENT_SECRET_FILE: '/dev/null',
      EXRP_CONCURENCY: '4',
    },
  });
  expect(await process.ended).toEqual({ code: 78, signal: null });
  const named = [
    'EXRP_PORT',
    'EXRP_CONCURRENCY',
    'GC_KEY_REFRESH_SECONDS',
    'REDIS_URL',
    'GC_CLIENT_SECRET',
    'EXRP_CONCURENCY',
    'GC_REGION',
    'GC_CLIENT_ID',
    'WEBDAV_PASSWORD',
    'EXRP_API_TOKEN',
  ];
  for (const name of named) expect(process.output()).toMatch(new RegExp(`^ +${name} `, 'm'));
  expect(process.output()).not.toContain(secret);
});

it('is alive after all of that', async () => {
  expect(stack.exrp.exitCode()).toBeUndefined();
  await waitFor('readiness', async () => (await stack.get('/health/ready', null)).status === 200);
  const errors = stack.exrp
    .output()
    .split('\n')
    .filter((line) => line.includes('"level":"error"'));
  // A recording that was taken has no audio here; what is said of it is not about the API.
  expect(errors.filter((line) => !line.includes(recordingIdOf('x.opus')))).toEqual([]);
});
