import { recordingIdOf } from '@exrec/gc-metadata';
import { audioFixture, waitFor } from '@exrec/testing';
import { ExrpStack } from './exrp-stack.js';

let stack: ExrpStack;
beforeAll(async () => {
  stack = await ExrpStack.start({ settings: { GC_KEY_REFRESH_SECONDS: '0.2' } });
});
afterAll(() => stack.stop());
afterEach(() => stack.gc.faults.clear());

const audio = audioFixture('short-en').bytes();

/** Sends a recording and gives the key that it was sealed to, as its metadata say. */
async function sealed(name: string): Promise<string | undefined> {
  await stack.put(name, audio);
  await stack.inject(name);
  await stack.until(name, 'uploaded');
  const { verdict, metadata } = await stack.verdict(name);
  expect(verdict).toEqual({ ok: true, problems: [] });
  return metadata?.encryption.keyId;
}

it('seals to the new key from the next recording on when the key was rotated, and says so', async () => {
  const old = stack.gc.currentKey().id;
  expect(await sealed('before.opus')).toBe(old);
  await stack.gc.faults.order({ target: 'keys', action: 'rotate' });
  await waitFor('the refresh', async () => (await sealed(`after-${Date.now()}.opus`)) !== old);
  expect(await sealed('settled.opus')).toBe(stack.gc.currentKey().id);
  expect(await stack.metric('exrec_key_changes_total')).toBe(1);
  expect(stack.exrp.output()).toContain('"event":"key.changed"');
});

it('keeps the key a recording was sealed to when the key is rotated on its way', async () => {
  const name = 'on-its-way.opus';
  const old = stack.gc.currentKey().id;
  const subject = recordingIdOf(name);
  await stack.gc.faults.order({ target: 'gc.uploads', kind: 'delay', delayMs: 120_000, subject });
  await stack.put(name, audio);
  await stack.inject(name);
  await stack.until(name, 'sealing');
  await stack.gc.faults.order({ target: 'keys', action: 'rotate' });
  await stack.gc.faults.clear();
  await stack.until(name, 'uploaded');
  const { verdict, metadata } = await stack.verdict(name);
  expect(verdict).toEqual({ ok: true, problems: [] });
  expect(metadata?.encryption.keyId).toBe(old);
  await waitFor('the refresh', async () => (await sealed(`next-${Date.now()}.opus`)) !== old);
});

it.each(['garbage', 'expire', 'revoke'] as const)(
  'passes over a newest key that cannot be used (%s), and says so',
  async (action) => {
    const good = stack.gc.currentKey().id;
    await stack.gc.faults.order({ target: 'keys', action });
    const bad = stack.gc.currentKey().id;
    await waitFor('the refresh', async () => {
      expect(await sealed(`${action}-${Date.now()}.opus`)).toBe(good);
      return stack.exrp.output().includes(`"keyId":"${bad}"`);
    });
  },
);

it('goes on with the last good key while GC lists none any more', async () => {
  const { id } = stack.gc.currentKey();
  await stack.gc.faults.order({ target: 'keys', action: 'empty' });
  await sealedUntilGcWasAsked('empty', id);
});

it('starts with the last good key of Redis while GC gives none', async () => {
  const { id } = stack.gc.currentKey();
  await stack.exrp.kill();
  await stack.gc.faults.order({ target: 'gc.recordingkeys', status: 503, times: 0 });
  await stack.restart();
  expect(await sealed('restarted.opus')).toBe(id);
});

it('holds recordings and is not ready without any key, and sends nothing', async () => {
  const name = 'keyless.opus';
  await stack.gc.faults.order({ target: 'keys', action: 'empty' });
  const { client } = await stack.another({ REDIS_KEY_PREFIX: 'keyless' });
  await stack.put(name, audio);
  await client.inject(name);
  await client.until(name, 'waiting', 'no-key');
  const ready = await client.get('/health/ready', null);
  expect(ready.status).toBe(503);
  expect(ready.data.checks.key).toEqual({
    status: 'down',
    reason: expect.stringContaining('no-key'),
  });
  expect(stack.arrived(name)).toBeUndefined();
  await stack.gc.faults.clear();
  await client.until(name, 'uploaded');
  await waitFor('readiness', async () => (await client.get('/health/ready', null)).status === 200);
});

it('goes on with the last good key while GC does not answer', async () => {
  const { id } = stack.gc.currentKey();
  await stack.gc.faults.order({ target: 'gc.recordingkeys', kind: 'stall', times: 0 });
  await sealedUntilGcWasAsked('stalled', id);
});

it('leaves nothing in its spool', async () => {
  expect(await stack.spooled()).toEqual({ all: [], clear: [] });
});

/** Seals recordings until EXRP has asked GC for its keys in vain, and one more; all to this key, none held up. */
async function sealedUntilGcWasAsked(what: string, keyId: string): Promise<void> {
  stack.gc.requests.clear();
  const next = async () => {
    const startedAtMs = Date.now();
    expect(await sealed(`${what}-${startedAtMs}.opus`)).toBe(keyId);
    // A request that stalls is given up after 30 s.
    expect(Date.now() - startedAtMs).toBeLessThan(25_000);
  };
  await waitFor('GC to be asked', async () => {
    await next();
    return stack.gc.requests.count('gc.recordingkeys') > 0;
  });
  await next();
}
