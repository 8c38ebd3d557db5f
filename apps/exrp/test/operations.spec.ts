import { recordingIdOf } from '@exrec/gc-metadata';
import { audioFixture, waitFor } from '@exrec/testing';
import { ExrpStack } from './exrp-stack.js';

const audio = audioFixture('short-en').bytes();
let stack: ExrpStack;

beforeAll(async () => {
  stack = await ExrpStack.start({
    settings: { EXRP_ENCRYPTION: 'cms' },
    simulator: { keyForm: 'rsa-pkcs1-der' },
  });
});
afterAll(() => stack.stop());

it('seals as CMS when told so, and Genesys Cloud opens it', async () => {
  await stack.put('cms.opus', audio);
  await stack.inject('cms.opus');
  await stack.until('cms.opus', 'uploaded');
  const { verdict, metadata } = await stack.verdict('cms.opus');
  expect(verdict).toEqual({ ok: true, problems: [] });
  expect(metadata).toMatchObject({
    encryption: { container: 'cms' },
    audio: { fileName: `${recordingIdOf('cms.opus')}.opus.p7m` },
  });
});

describe('dead letters', () => {
  it('are counted by cause, and taken back all at once with a limit, by whom and why', async () => {
    const names = ['a.opus', 'b.opus', 'c.opus'];
    for (const name of names) {
      await stack.put(name, Buffer.from('no audio at all, not even a page of something'));
      await stack.inject(name);
    }
    for (const name of names) await stack.until(name, 'failed', 'audio-invalid');
    const counts = await stack.get('/api/v1/injections/counts');
    expect(counts.data).toMatchObject({
      states: { failed: 3 },
      causes: { failed: { 'audio-invalid': 3 } },
    });

    for (const name of names) await stack.put(name, audio);
    const order = {
      cause: 'audio-invalid',
      limit: 2,
      perMinute: 6000,
      by: 'jane',
      why: 'files mended',
    };
    expect((await stack.admin('/api/v1/injections/requeue', order)).data).toEqual({ requeued: 2 });
    expect(await stack.until('a.opus', 'uploaded')).toMatchObject({
      // Who it was, the token says.
      requeues: [{ by: 'admin', why: 'files mended' }],
    });
    await stack.until('b.opus', 'uploaded');
    expect((await stack.injection('c.opus')).state).toBe('failed');
    const history = (await stack.injection('a.opus')).history.map(({ outcome }) => outcome);
    expect(history).toContain('failed');
    expect(history.at(-1)).toBe('uploaded');
  });

  it('are taken back only with the admin token', async () => {
    const path = `/api/v1/injections/${recordingIdOf('c.opus')}/requeue`;
    expect((await stack.post(path, {})).status).toBe(401);
    expect((await stack.admin(`/api/v1/injections/${recordingIdOf('never')}/requeue`)).status).toBe(
      404,
    );
    expect(
      (await stack.admin(`/api/v1/injections/${recordingIdOf('a.opus')}/requeue`)).status,
    ).toBe(409);
  });
});

it('shows keys, OAuth clients with their budgets, and what is lost soon', async () => {
  const { status, data } = await stack.get('/api/v1/standing');
  expect(status).toBe(200);
  expect(data.keys.items).toContainEqual({
    keyId: expect.any(String),
    createdAt: expect.stringMatching(/^\d{4}-/),
    fingerprint: expect.stringMatching(/^[0-9A-F]{40}$/),
    form: 'rsa',
    expiresAt: null,
    inUse: true,
    refused: null,
  });
  expect(data.keys.at).toMatch(/Z$/);
  const [client] = data.clients;
  expect(client).toMatchObject({ refused: null, requestsPerMinute: expect.any(Number) });
  expect(client.client).toMatch(/^….{4}$/);
  expect(client.left).toBeLessThanOrEqual(client.burst);
  expect(client.pausedForMs).toBe(0);
  // Retention may not have looked yet.
  expect(data).toHaveProperty('retention');
});

it('measures what its process takes', async () => {
  expect(await stack.metric('nodejs_eventloop_lag_max_seconds')).toBeGreaterThan(0);
  expect(await stack.metric('process_resident_memory_bytes')).toBeGreaterThan(10_000_000);
});

it('tells the state of many recordings at once, and lists the audio files with theirs', async () => {
  const recordingIds = [recordingIdOf('a.opus'), recordingIdOf('never')];
  const { data } = await stack.post('/api/v1/injections/lookup', { recordingIds });
  expect(data.items).toEqual([
    {
      recordingId: recordingIds[0],
      state: 'uploaded',
      cause: null,
      uploadedAt: expect.stringMatching(/Z$/),
    },
    { recordingId: recordingIds[1], state: null, cause: null, uploadedAt: null },
  ]);
  await stack.put('orphan.opus', audio);
  const listing = await stack.get('/api/v1/audio-files');
  const lines = String(listing.data)
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
  expect(lines).toContainEqual(
    expect.objectContaining({ name: 'orphan.opus', sizeBytes: audio.length, state: null }),
  );
  expect(lines).toContainEqual(expect.objectContaining({ name: 'c.opus', state: 'failed' }));
});

it('stays ready while WebDAV is away, says so, and accepts recordings', async () => {
  await stack.storage.kill();
  // What is known of it may be a second old.
  const ready = await waitFor('it to be seen', async () => {
    const answer = await stack.get('/health/ready', null);
    expect(answer.status).toBe(200);
    return answer.data.status === 'degraded' ? answer : undefined;
  });
  expect(ready.data.checks.webdav).toMatchObject({ status: 'degraded' });
  expect((await stack.injectOnce('while-away.opus')).status).toBe(202);
  await stack.until('while-away.opus', 'waiting', 'storage-unavailable');
});
