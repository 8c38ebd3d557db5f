import { startRedis, waitFor, type RedisServer } from '@exrec/testing';
import { Redis } from 'ioredis';
import { redisRateBudget, type GcApi } from '../src/index.js';
import { gcApiFor, startScriptedGc, type Reply, type ScriptedGc } from './scripted-gc.js';

let server: RedisServer;
let connections: Redis[];
let gc: ScriptedGc;
let fleet: GcApi[];
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());
beforeEach(async () => {
  gc = await startScriptedGc();
  gc.api = () => ({ body: { transcription: 'Disabled' } });
  connections = [new Redis(server.url), new Redis(server.url)];
  fleet = connections.map((redis) =>
    gcApiFor(gc, {
      budget: redisRateBudget({ redis, keyspace: '{exrec}', requestsPerMinute: 2400 }),
    }),
  );
  await waitFor('the connections', () => connections.every(({ status }) => status === 'ready'));
  await connections[0]!.flushall();
});
afterEach(async () => {
  fleet.forEach((api) => api.close());
  // A second disconnect would leave a timer of ioredis behind.
  connections.filter(({ status }) => status !== 'end').forEach((redis) => redis.disconnect());
  await gc.stop();
});

it.each<[string, Reply, string]>([
  ['429 with Retry-After', { status: 429, headers: { 'retry-after': '60' } }, 'gc-rate-limited'],
  ['503 with Retry-After', { status: 503, headers: { 'retry-after': '60' } }, 'gc-unavailable'],
])('%s to one instance stops the other before its next request', async (_, reply, code) => {
  gc.api = () => reply;
  await expect(fleet[0]!.transcriptionSettings()).rejects.toMatchObject({
    code,
    retryAfterMs: 60_000,
  });
  const failure: unknown = await fleet[1]!.transcriptionSettings().catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'gc-rate-limited', retry: 'later' });
  expect((failure as { retryAfterMs: number }).retryAfterMs).toBeGreaterThan(50_000);
  expect(gc.seen).toHaveLength(1);
});

it('waits for the end of a short pause and goes on', async () => {
  gc.api = () =>
    gc.seen.length === 1
      ? { status: 429, headers: { 'retry-after': '1' } }
      : { body: { transcription: 'Disabled' } };
  const startedMs = performance.now();
  await expect(fleet[0]!.transcriptionSettings()).rejects.toMatchObject({
    code: 'gc-rate-limited',
  });
  await expect(fleet[1]!.transcriptionSettings()).resolves.toEqual({ transcription: 'Disabled' });
  expect(performance.now() - startedMs).toBeGreaterThan(900);
});

it('obeys inin-ratelimit headers in all instances', async () => {
  const headers = {
    'inin-ratelimit-allowed': '300',
    'inin-ratelimit-count': '300',
    'inin-ratelimit-reset': '45',
  };
  gc.api = () => ({ headers, body: { transcription: 'Disabled' } });
  await fleet[0]!.transcriptionSettings();
  await expect(fleet[1]!.transcriptionSettings()).rejects.toMatchObject({
    code: 'gc-rate-limited',
  });
  expect(gc.seen).toHaveLength(1);
});

it('sends no more than the budget has when both instances have a backlog', async () => {
  const startedMs = performance.now();
  const request = {
    fileName: 'a.zip',
    contentMd5: 'm',
    contentType: 'application/zip',
    signedUrlTimeoutSeconds: 600,
  };
  gc.api = () => ({ body: { url: 'https://b.s3.amazonaws.com/a', uploadKey: 'a' } });
  await Promise.all(Array.from({ length: 150 }, (_, n) => fleet[n % 2]!.createUpload(request)));
  const seconds = (performance.now() - startedMs) / 1000;
  expect(gc.seen).toHaveLength(150);
  // 120 at once and 38 a second: 30 more take at least 0.7 s.
  expect(120 + seconds * 38.02 + 1).toBeGreaterThanOrEqual(150);
});

it('keeps neither a token nor a secret nor a client id in Redis', async () => {
  await Promise.all(fleet.map((api) => api.transcriptionSettings()));
  const redis = connections[0]!;
  const keys = await redis.keys('*');
  const values = await Promise.all(
    keys.map((key) =>
      key.includes(':client:') ? redis.hgetall(key) : redis.zrange(key, '0', '-1'),
    ),
  );
  const stored = JSON.stringify([keys, values]);
  expect(stored).toContain('tokens');
  for (const secret of ['client-a', 'secret-a', 'token-1']) expect(stored).not.toContain(secret);
});

it('asks GC nothing while the budget cannot be asked', async () => {
  connections[0]!.disconnect();
  await expect(fleet[0]!.transcriptionSettings()).rejects.toMatchObject({
    code: 'gc-unavailable',
    retry: 'later',
  });
  expect([...gc.seen, ...gc.tokenRequests]).toEqual([]);
});
