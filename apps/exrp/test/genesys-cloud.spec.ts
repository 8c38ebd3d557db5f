import { createHash } from 'node:crypto';
import { recordingIdOf } from '@exrec/gc-metadata';
import type { FaultOrder } from '@exrec/simulator';
import { audioFixture, waitFor } from '@exrec/testing';
import { ExrpStack } from './exrp-stack.js';
import { startRawCapture } from './raw-capture.js';

let stack: ExrpStack;
beforeAll(async () => {
  stack = await ExrpStack.start({ settings: { EXRP_CONCURRENCY: '40' } });
  // All at once: their waits pass together.
  await Promise.all(
    [...mended, ...final].map(async ([what, , orders]) => {
      const name = `${what}.opus`;
      for (const order of orders) {
        await stack.gc.faults.order({ ...order, subject: recordingIdOf(name) });
      }
      await stack.put(name, audio);
      await stack.inject(name);
    }),
  );
});
afterAll(() => stack.stop());

const audio = audioFixture('short-en').bytes();

type Row = readonly [what: string, cause: string, orders: readonly FaultOrder[]];

const uploads = { target: 'gc.uploads' } as const;
const put = { target: 's3.put' } as const;

/** What goes wrong, the cause that is noted for it; the next attempt succeeds. */
const mended: readonly Row[] = [
  ['presign-500', 'gc-unavailable', [{ ...uploads, status: 500 }]],
  ['presign-503', 'gc-unavailable', [{ ...uploads, status: 503 }]],
  ['presign-408', 'gc-unavailable', [{ ...uploads, status: 408 }]],
  ['presign-reset', 'gc-unavailable', [{ ...uploads, kind: 'reset' }]],
  ['presign-no-answer', 'gc-unavailable', [{ ...uploads, kind: 'resetAfterLastByte' }]],
  ['presign-redirect', 'gc-unavailable', [{ ...uploads, kind: 'redirect' }]],
  ['presign-page', 'gc-unavailable', [{ ...uploads, kind: 'html' }]],
  ['presign-cut', 'gc-unavailable', [{ ...uploads, kind: 'malformedJson' }]],
  ['presign-no-url', 'gc-unavailable', [{ ...uploads, kind: 'omit', fields: ['url'] }]],
  ['url-expired', 'upload-expired', [{ target: 'uploadUrl', kind: 'expired' }]],
  [
    'url-elsewhere',
    'upload-failed',
    [{ target: 'uploadUrl', kind: 'location', location: 'http://127.0.0.2:9' }],
  ],
  [
    'url-metadata-service',
    'upload-failed',
    [{ target: 'uploadUrl', kind: 'location', location: 'http://169.254.169.254' }],
  ],
  ['put-slow-down', 'upload-failed', [{ ...put, kind: 'slowDown' }]],
  ['put-500', 'upload-failed', [{ ...put, kind: 'internalError' }]],
  ['put-error-in-200', 'upload-failed', [{ ...put, kind: 'errorBody200' }]],
  ['put-page', 'upload-failed', [{ ...put, kind: 'html' }]],
  ['put-reset', 'upload-failed', [{ ...put, kind: 'reset' }]],
  ['put-reset-in-body', 'upload-failed', [{ ...put, kind: 'resetMidBody' }]],
  ['put-no-answer', 'upload-failed', [{ ...put, kind: 'resetAfterLastByte' }]],
  ['put-expired', 'upload-expired', [{ ...put, kind: 'expired' }]],
  ['put-redirect', 'upload-failed', [{ ...put, kind: 'redirect' }]],
  ['put-bad-digest', 'upload-rejected', [{ ...put, kind: 'badDigest' }]],
];

/** What no retry mends: the cause and the words of the dead letter. */
const final: readonly (readonly [...Row, words: string])[] = [
  ['presign-400', 'gc-rejected', [{ ...uploads, status: 400, code: 'bad.name' }], 'bad.name'],
  ['presign-404', 'gc-rejected', [{ ...uploads, status: 404 }], '404'],
  ['presign-409', 'gc-rejected', [{ ...uploads, status: 409 }], '409'],
  ['put-too-large', 'upload-rejected', [{ ...put, kind: 'entityTooLarge' }], 'EntityTooLarge'],
  ['put-unsigned', 'upload-rejected', [{ ...put, kind: 'signatureDoesNotMatch' }], 'Signature'],
  ['put-bad-twice', 'upload-rejected', [{ ...put, kind: 'badDigest', times: 2 }], 'BadDigest'],
];

/** How often a recording arrives that went wrong like this: S3 may have stored what it gave no answer to. */
const arrivals = (what: string) => (what === 'put-no-answer' ? 2 : 1);

describe('what Genesys Cloud and S3 answer', () => {
  it.each(mended)('is tried again with a new URL: %s is %s', async (what, cause) => {
    const name = `${what}.opus`;
    const view = await stack.until(name, 'uploaded');
    expect(view.history).toMatchObject([{ outcome: 'waiting', cause }, { outcome: 'uploaded' }]);
    const recording = await stack.verdict(name);
    expect(recording.verdict).toEqual({ ok: true, problems: [] });
    expect(recording.uploads).toBe(arrivals(what));
  });

  it('counts an upload whose answer was lost as one that may have been made twice', async () => {
    const counted = await stack.metric('exrec_duplicate_uploads_total');
    expect(counted).toBeGreaterThanOrEqual(1);
    // Of a reset nobody can tell whether it came before the last byte: two more may be counted.
    expect(counted).toBeLessThanOrEqual(3);
  });

  it.each(final)('is a dead letter: %s is %s', async (what, cause, _orders, words) => {
    const name = `${what}.opus`;
    const view = await stack.until(name, 'failed', cause);
    expect(view.nextTryAt).toBeNull();
    expect(view.detail).toContain(words);
    expect(view.attempts).toBe(what === 'put-bad-twice' ? 2 : 1);
    expect(stack.arrived(name)).toBeUndefined();
  });

  it('lets a dead letter go again, and gives its digest a second chance again', async () => {
    const name = 'put-bad-twice.opus';
    await stack.gc.faults.order({ ...put, kind: 'badDigest', subject: recordingIdOf(name) });
    expect((await stack.requeue(name)).status).toBe(202);
    await stack.until(name, 'uploaded');
    expect((await stack.verdict(name)).verdict?.ok).toBe(true);
  });
});

it('sends S3 the returned headers, length, host and connection, and nothing else', async () => {
  const s3 = await startRawCapture();
  await stack.gc.faults.order({
    target: 'uploadUrl',
    kind: 'location',
    location: s3.url,
    subject: recordingIdOf('wire.opus'),
  });
  await stack.put('wire.opus', audio);
  await stack.inject('wire.opus');
  await stack.until('wire.opus', 'uploaded');
  expect(s3.requests).toHaveLength(1);
  const { head, body } = s3.requests[0]!;
  const [requestLine = '', ...lines] = head.split('\r\n');
  const headers = Object.fromEntries(lines.map((line) => line.toLowerCase().split(': ', 2)));
  expect(requestLine).toMatch(/^PUT \/[^\s?]+\?\S*X-Amz-Signature=\S+ HTTP\/1\.1$/);
  expect(lines).toHaveLength(6);
  expect(headers).toEqual({
    'content-md5': createHash('md5').update(body).digest('base64').toLowerCase(),
    'content-type': 'application/zip',
    'x-amz-server-side-encryption': 'aes256',
    'content-length': `${body.length}`,
    host: new URL(s3.url).host,
    connection: expect.stringMatching(/^(keep-alive|close)$/),
  });
  await s3.stop();
});

it('sends nothing by plain http unless that is allowed', async () => {
  const { app, client } = await stack.another({
    REDIS_KEY_PREFIX: 'https-only',
    EXRP_ALLOW_INSECURE_UPLOAD: 'false',
  });
  await stack.put('plain-http.opus', audio);
  await client.inject('plain-http.opus');
  const view = await client.until('plain-http.opus', 'waiting', 'upload-failed');
  expect(view.detail).toContain('not https');
  expect(stack.arrived('plain-http.opus')).toBeUndefined();
  await app.kill();
});

it('holds the whole fleet back for as long as a 429 asks', async () => {
  const fleet = { REDIS_KEY_PREFIX: 'fleet' };
  const [one, two] = await Promise.all([stack.another(fleet), stack.another(fleet)]);
  const names = ['fleet-0', 'fleet-1', 'fleet-2', 'fleet-3'].map((name) => `${name}.opus`);
  await Promise.all(names.map((name) => stack.put(name, audio)));
  stack.gc.requests.clear();
  const refusal = { ...uploads, status: 429, retryAfterSeconds: 3 };
  await stack.gc.faults.order({ ...refusal, subject: recordingIdOf(names[0]!) });
  await one.client.inject(names[0]!);
  await waitFor('the 429', () => stack.gc.requests.count('gc.uploads', 429) > 0);
  await Promise.all(names.slice(1).map((name) => two.client.inject(name)));
  await Promise.all(names.map((name) => one.client.until(name, 'uploaded')));
  const requests = stack.gc.requests.recent().filter(({ target }) => target === 'gc.uploads');
  const refusedAtMs = Date.parse(requests.find(({ status }) => status === 429)!.at);
  const others = requests.filter(({ status }) => status === 200);
  expect(others).toHaveLength(4);
  for (const { at } of others) expect(Date.parse(at) - refusedAtMs).toBeGreaterThan(2_800);
  expect((await one.client.injection(names[0]!)).history[0]).toMatchObject({
    cause: 'gc-rate-limited',
  });
});

it('waits slowly without a permission, and goes on when it is granted', async () => {
  const name = 'forbidden.opus';
  await stack.gc.faults.order({ ...uploads, status: 403, subject: recordingIdOf(name) });
  await stack.put(name, audio);
  await stack.inject(name);
  const view = await stack.until(name, 'waiting', 'gc-unauthorized');
  expect(Date.parse(view.nextTryAt!) - Date.parse(view.updatedAt)).toBeGreaterThan(50_000);
  await stack.requeue(name);
  await stack.until(name, 'uploaded');
});

it('renews a token that became worthless once for all recordings', async () => {
  const names = [1, 2, 3, 4, 5, 6].map((number) => `renewed-${number}.opus`);
  await Promise.all(names.map((name) => stack.put(name, audio)));
  stack.gc.requests.clear();
  await stack.gc.faults.order({ target: 'tokens', action: 'revoke' });
  await Promise.all(names.map((name) => stack.inject(name)));
  const views = await Promise.all(names.map((name) => stack.until(name, 'uploaded')));
  const causes = views.flatMap(({ history }) => history.map(({ cause }) => cause));
  expect(causes).not.toContain('gc-unauthorized');
  expect(stack.gc.requests.count('oauth.token')).toBe(1);
});

it('stops asking when its client is refused, raises the alarm once and burns no recording', async () => {
  const names = [1, 2, 3].map((number) => `refused-${number}.opus`);
  await Promise.all(names.map((name) => stack.put(name, audio)));
  await stack.gc.faults.order({ target: 'oauth.token', status: 400, times: 0 });
  await stack.gc.faults.order({ target: 'tokens', action: 'revoke' });
  stack.gc.requests.clear();
  await Promise.all(names.map((name) => stack.inject(name)));
  const views = await Promise.all(
    names.map((name) => stack.until(name, 'waiting', 'gc-unauthorized')),
  );
  for (const { nextTryAt, updatedAt } of views) {
    expect(Date.parse(nextTryAt!) - Date.parse(updatedAt)).toBeGreaterThan(40_000);
  }
  expect(stack.gc.requests.count('oauth.token')).toBe(1);
  expect(stack.exrp.output().match(/"event":"gc.client-refused"/g)).toHaveLength(1);
  expect(await stack.metric('exrec_gc_client_refused_total')).toBe(1);
});

it('leaves nothing in its spool', async () => {
  expect(await stack.spooled()).toEqual({ all: [], clear: [] });
});
