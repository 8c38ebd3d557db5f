import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitFor } from '@exrec/testing';
import { startGcSimulator, type GcSimulator } from '../../src/gc/index.js';
import { logIn, put, uploadUrlFor, type UploadUrl } from './gc-client.js';

const body = Buffer.alloc(100_000, 'z');
let simulator: GcSimulator;
let dataDir: string;
let names = 0;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'exrec-s3-'));
  simulator = await startGcSimulator({
    verify: false,
    olderKeys: 0,
    maxObjectBytes: 1_000_000,
    dataDir,
  });
});
afterAll(async () => {
  await simulator.stop();
  await rm(dataDir, { recursive: true, force: true });
});
afterEach(() => simulator.faults.clear());

async function fresh(bytes = body): Promise<UploadUrl & { fileName: string }> {
  names += 1;
  const fileName = `r${names}.zip`;
  return { ...(await uploadUrlFor(simulator, fileName, bytes)), fileName };
}

function stored(fileName: string) {
  return simulator.recordings().find((each) => each.fileName === fileName);
}

describe('S3 behind a pre-signed URL', () => {
  it('stores what comes with exactly the returned headers', async () => {
    const { url, headers, fileName, uploadKey } = await fresh();
    expect(Object.keys(headers)).toEqual([
      'Content-MD5',
      'Content-Type',
      'x-amz-server-side-encryption',
    ]);
    const answer = await put(url, headers, body);
    expect(answer.status).toBe(200);
    expect(answer.headers.etag).toBe(`"${createHash('md5').update(body).digest('hex')}"`);
    expect(stored(fileName)).toMatchObject({ uploadKey, sizeBytes: body.length, uploads: 1 });
  });

  it('replaces an object of the same name and counts both', async () => {
    const { url, headers, fileName } = await fresh();
    await put(url, headers, body);
    const other = Buffer.alloc(10, 'q');
    const second = await uploadUrlFor(simulator, fileName, other);
    expect((await put(second.url, second.headers, other)).status).toBe(200);
    expect(stored(fileName)).toMatchObject({ sizeBytes: 10, uploads: 2 });
  });

  type Change = (upload: UploadUrl) => Promise<{ status: number; text: string }>;
  it.each<[name: string, status: number, code: string, change: Change]>([
    [
      'a tampered signature',
      403,
      'SignatureDoesNotMatch',
      ({ url, headers }) => put(`${url.slice(0, -4)}0000`, headers, body),
    ],
    [
      'another object',
      403,
      'SignatureDoesNotMatch',
      ({ url, headers }) => put(url.replace('.zip?', '.zap?'), headers, body),
    ],
    [
      'a longer life than was signed',
      403,
      'SignatureDoesNotMatch',
      ({ url, headers }) => put(url.replace('Expires=600', 'Expires=601'), headers, body),
    ],
    [
      'no signature',
      403,
      'AccessDenied',
      ({ url, headers }) => put(url.split('?')[0]!, headers, body),
    ],
    [
      'another access key',
      403,
      'InvalidAccessKeyId',
      ({ url, headers }) => put(url.replace('ASIA', 'AKIA'), headers, body),
    ],
    [
      'a bearer token besides',
      400,
      'InvalidArgument',
      ({ url, headers }) => put(url, { ...headers, authorization: 'Bearer x' }, body),
    ],
    [
      'a chunked body',
      501,
      'NotImplemented',
      ({ url, headers }) => put(url, headers, body, { chunked: true }),
    ],
    [
      'another content type',
      403,
      'SignatureDoesNotMatch',
      ({ url, headers }) => put(url, { ...headers, 'Content-Type': 'text/plain' }, body),
    ],
    [
      'a signed header left out',
      403,
      'SignatureDoesNotMatch',
      ({ url, headers }) =>
        put(
          url,
          { 'Content-MD5': headers['Content-MD5']!, 'Content-Type': 'application/zip' },
          body,
        ),
    ],
    [
      'an unsigned amz header',
      403,
      'HeadersNotSigned',
      ({ url, headers }) => put(url, { ...headers, 'x-amz-acl': 'public-read' }, body),
    ],
    [
      'an unsigned header of ours',
      403,
      'HeadersNotSigned',
      ({ url, headers }) => put(url, { ...headers, 'x-request-id': '1' }, body),
    ],
    [
      'another MD5 than was signed',
      403,
      'SignatureDoesNotMatch',
      ({ url, headers }) =>
        put(url, { ...headers, 'Content-MD5': Buffer.alloc(16).toString('base64') }, body),
    ],
    [
      'a body with another MD5',
      400,
      'BadDigest',
      ({ url, headers }) => put(url, headers, Buffer.alloc(body.length, 'y')),
    ],
    [
      'a body too large',
      400,
      'EntityTooLarge',
      ({ url, headers }) => put(url, headers, Buffer.alloc(1_000_001)),
    ],
  ])('refuses %s with %i %s', async (_name, status, code, change) => {
    const upload = await fresh();
    const answer = await change(upload);
    expect(answer).toMatchObject({ status, text: expect.stringContaining(code) });
    expect(stored(upload.fileName)).toBeUndefined();
    expect((await put(upload.url, upload.headers, body)).status).toBe(200);
  });

  it('refuses a PUT without a length', async () => {
    const { url, headers } = await fresh(Buffer.alloc(0));
    const answer = await rawPut(url, headers);
    expect(answer).toMatch(/^HTTP\/1\.1 411 .*MissingContentLength/s);
  });

  it('refuses an expired URL, and one from the future', async () => {
    const { url, headers } = await fresh();
    await simulator.faults.order({ target: 'clock', offsetMs: 600_000 });
    expect(await put(url, headers, body)).toMatchObject({
      status: 403,
      text: expect.stringContaining('Request has expired'),
    });
    await simulator.faults.order({ target: 'clock', offsetMs: -1_000_000 });
    expect(await put(url, headers, body)).toMatchObject({
      status: 403,
      text: expect.stringContaining('not valid yet'),
    });
  });

  it('keeps nothing of a body that was cut short', async () => {
    const { url, headers, fileName } = await fresh();
    await expect(put(url, headers, body, { cutAfter: 30_000 })).rejects.toThrow('cut');
    await waitFor('the broken request', () => simulator.requests.count('s3.put', 0) > 0);
    expect(stored(fileName)).toBeUndefined();
    expect(await readdir(join(dataDir, 'incoming'))).toEqual([]);
  });

  it('signs names with any character that GC allows', async () => {
    const fileName = "a/é ü+(1)!*'@$&=;:,.zip".replace(' ', '');
    const { url, headers } = await uploadUrlFor(simulator, fileName, body);
    expect((await put(url, headers, body)).status).toBe(200);
  });
});

describe('a request for a pre-signed URL', () => {
  const good = { fileName: 'a.zip', contentMd5: Buffer.alloc(16).toString('base64') };
  it.each<[name: string, change: Record<string, unknown>]>([
    ...[
      '.a.zip',
      'a/',
      'a b.zip',
      'a\\b',
      'a{b',
      'a%b',
      'a"b',
      'a#b',
      'a|b',
      'a~b',
      'a`b',
      'a[b',
      'a<b',
      '',
    ].map((fileName): [string, Record<string, unknown>] => [
      `the name '${fileName}'`,
      { fileName },
    ]),
    ['an MD5 in hex', { contentMd5: '0'.repeat(32) }],
    ['a timeout of 0', { signedUrlTimeoutSeconds: 0 }],
    ['a timeout above a week', { signedUrlTimeoutSeconds: 604_801 }],
    ['another encryption', { serverSideEncryption: 'aws:kms' }],
  ])('is refused for %s', async (_name, change) => {
    const api = await logIn(simulator);
    const answer = await api('/api/v2/uploads/recordings', { ...good, ...change });
    expect(answer).toMatchObject({ status: 400, json: { code: 'bad.request', status: 400 } });
  });

  it('gives a URL that lives 600 seconds when nothing else is said', async () => {
    const api = await logIn(simulator);
    const { json } = await api('/api/v2/uploads/recordings', good);
    expect(new URL(String(json.url)).searchParams.get('X-Amz-Expires')).toBe('600');
  });
});

describe('S3 on its bad days', () => {
  it.each([
    ['slowDown', 503, 'SlowDown'],
    ['internalError', 500, 'InternalError'],
    ['errorBody200', 200, '<Error>'],
    ['badDigest', 400, 'BadDigest'],
    ['entityTooLarge', 400, 'EntityTooLarge'],
    ['signatureDoesNotMatch', 403, 'SignatureDoesNotMatch'],
    ['expired', 403, 'Request has expired'],
    ['redirect', 307, ''],
  ] as const)('answers %s and stores nothing, once', async (kind, status, text) => {
    const { url, headers, fileName } = await fresh();
    await simulator.faults.order({ target: 's3.put', kind });
    expect(await put(url, headers, body)).toMatchObject({
      status,
      text: expect.stringContaining(text),
    });
    expect(stored(fileName)).toBeUndefined();
    expect((await put(url, headers, body)).status).toBe(200);
  });

  it.each([
    ['reset', undefined],
    ['resetMidBody', undefined],
    ['resetAfterLastByte', 1],
  ] as const)('breaks the connection: %s', async (kind, uploads) => {
    const { url, headers, fileName } = await fresh();
    await simulator.faults.order({ target: 's3', kind, subject: fileName });
    await expect(put(url, headers, body)).rejects.toThrow(/ECONNRESET|EPIPE|hang up/);
    expect(stored(fileName)?.uploads).toBe(uploads);
  });

  it('hands out URLs that have expired, or that lead elsewhere', async () => {
    await simulator.faults.order({ target: 'uploadUrl', kind: 'expired' });
    const { url, headers } = await fresh();
    expect(await put(url, headers, body)).toMatchObject({
      status: 403,
      text: expect.stringContaining('expired'),
    });
    await simulator.faults.order({
      target: 'uploadUrl',
      kind: 'location',
      location: 'http://169.254.169.254',
    });
    expect((await fresh()).url).toMatch(/^http:\/\/169\.254\.169\.254\//);
  });
});

/** A PUT as no HTTP library would send it. */
async function rawPut(url: string, headers: Record<string, string>): Promise<string> {
  const { hostname, port, host, pathname, search } = new URL(url);
  const lines = Object.entries({ host, ...headers, connection: 'close' }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(Number(port), hostname, () => {
      socket.write(`PUT ${pathname}${search} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
    });
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.on('end', () => resolve(text));
    socket.on('error', reject);
  });
}
