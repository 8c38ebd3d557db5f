import { ownRedis } from '@exrec/service-kit/testing';
import { recordingIdOf } from '@exrec/gc-metadata';
import { ClaimLost, InjectionStore, type NewInjection } from './injection-store.js';

const redis = ownRedis();
let store: InjectionStore;
let nowMs = 1_000;
let errors: unknown[] = [];
const logger = { error: (...line: unknown[]) => void errors.push(line) };

beforeEach(() => {
  nowMs = 1_000;
  errors = [];
  store = new InjectionStore(redis(), '{exrec}', { now: () => nowMs, logger });
});

const someInjection = (name: string, overrides: Partial<NewInjection> = {}): NewInjection => ({
  recordingId: recordingIdOf(name),
  audioFile: `${name}.opus`,
  metadata: '{}',
  expectedSizeBytes: 12,
  acceptedAtMs: nowMs,
  audioDeadlineAtMs: 99_000,
  ...overrides,
});

async function claimed(recordingId: string) {
  const result = await store.claim(recordingId);
  if (result.kind !== 'claimed') throw new Error(`not claimed: ${result.kind}`);
  return result;
}

describe('InjectionStore', () => {
  it('accepts a recording once and gives its present state afterwards', async () => {
    const injection = someInjection('a');
    const both = await Promise.all([store.accept(injection), store.accept(injection)]);
    expect(both.filter(({ isNew }) => isNew)).toHaveLength(1);
    await claimed(injection.recordingId);
    expect(await store.accept(injection)).toEqual({
      isNew: false,
      state: 'fetching',
      isCorrected: false,
    });
    expect(await store.get(injection.recordingId)).toMatchObject({
      audioFile: 'a.opus',
      expectedSizeBytes: 12,
      attempts: 1,
      version: 1,
    });
  });

  it('takes a corrected announcement until the upload', async () => {
    const { recordingId } = someInjection('a');
    await store.accept(someInjection('a'));
    const corrected = { ...someInjection('a'), expectedSizeBytes: 13, expectedDurationMs: 5_000 };
    expect(await store.accept(corrected)).toMatchObject({ isCorrected: true });
    const { claim, injection } = await claimed(recordingId);
    expect(injection).toMatchObject({ expectedSizeBytes: 13, expectedDurationMs: 5_000 });
    const { expectedSizeBytes: _, ...unsaid } = someInjection('a');
    expect(await store.accept(unsaid)).toMatchObject({ isCorrected: false });
    await store.settle(claim, { state: 'uploaded' });
    expect(await store.accept(someInjection('a'))).toMatchObject({ isCorrected: false });
    expect(await store.get(recordingId)).toMatchObject({ expectedSizeBytes: 13 });
  });

  it('moves a recording through its states and indexes', async () => {
    const { recordingId } = someInjection('a');
    await store.accept(someInjection('a'));
    const { claim } = await claimed(recordingId);
    await store.advance(claim, { state: 'uploading', facts: { keyId: 'k' } });
    expect(await store.countByState()).toMatchObject({ queued: 0, fetching: 0, uploading: 1 });
    await store.settle(claim, { state: 'waiting', cause: 'no-key', nextTryAtMs: 5_000 });
    expect(await store.get(recordingId)).toMatchObject({
      state: 'waiting',
      cause: 'no-key',
      nextTryAtMs: 5_000,
      facts: { keyId: 'k' },
    });
    const again = await claimed(recordingId);
    expect(again.injection).not.toHaveProperty('cause');
    expect(again.injection).not.toHaveProperty('nextTryAtMs');
    await store.settle(again.claim, { state: 'uploaded' });
    expect(await store.claim(recordingId)).toEqual({ kind: 'settled' });
    const counts = await store.countByState();
    expect(Object.values(counts).reduce((sum, count) => sum + count)).toBe(1);
  });

  it('refuses the findings of a worker whose claim was taken over', async () => {
    const { recordingId } = someInjection('a');
    await store.accept(someInjection('a'));
    const first = await claimed(recordingId);
    const second = await claimed(recordingId);
    await expect(store.settle(first.claim, { state: 'failed', cause: 'poison' })).rejects.toThrow(
      ClaimLost,
    );
    await store.settle(second.claim, { state: 'uploaded' });
    expect(await store.get(recordingId)).toMatchObject({ state: 'uploaded', attempts: 2 });
  });

  describe('counts the deaths of instances', () => {
    const deadMs = 3_000;
    /** The signs of life, by the last one of each instance. */
    const beats = (ages: Readonly<Record<string, number>>) =>
      Promise.all(
        Object.entries(ages).map(([id, agoMs]) =>
          redis().zadd('{exrec}:exrp-instances', 1_000_000 - agoMs, id),
        ),
      );
    const by = (instanceId: string) =>
      new InjectionStore(redis(), '{exrec}', { logger, instanceId });

    it('and not lost locks, however many', async () => {
      const { recordingId } = someInjection('a');
      await store.accept(someInjection('a'));
      await beats({ a: 0, b: deadMs - 1 });
      for (const id of ['a', 'b', 'a', 'b', 'a', 'b', 'a'])
        expect(await by(id).claim(recordingId)).toMatchObject({ kind: 'claimed', deaths: 0 });
    });

    it('each once; from the second on the recording is a suspect', async () => {
      const { recordingId } = someInjection('a');
      await store.accept(someInjection('a'));
      await beats({ alive: 0, a: deadMs + 1, b: 3_600_000 });
      for (const [id, deaths] of [
        ['a', 0],
        ['a', 1],
        ['b', 1],
      ] as const)
        expect(await by(id).claim(recordingId)).toMatchObject({ kind: 'claimed', deaths });
      expect(await by('alive').claim(recordingId)).toEqual({ kind: 'suspect' });
      const alone = await by('alive').claim(recordingId, { alone: true });
      expect(alone).toMatchObject({ kind: 'claimed', deaths: 2, injection: { attempts: 4 } });
      // One that was stopped and goes on was not dead.
      await beats({ b: 0 });
      expect(await by('alive').claim(recordingId)).toMatchObject({ kind: 'claimed', deaths: 1 });
    });

    it('and forgets them once an attempt ended', async () => {
      const { recordingId } = someInjection('a');
      await store.accept(someInjection('a'));
      await beats({ alive: 0 });
      await by('a').claim(recordingId);
      const second = await by('alive').claim(recordingId);
      if (second.kind !== 'claimed') throw new Error(second.kind);
      expect(second.deaths).toBe(1);
      await store.settle(second.claim, { state: 'waiting', cause: 'no-key', nextTryAtMs: 1 });
      expect((await claimed(recordingId)).deaths).toBe(0);
    });

    it('not while Redis was away from all of them', async () => {
      const { recordingId } = someInjection('a');
      await store.accept(someInjection('a'));
      await beats({ a: 60_000, b: 60_001 });
      await by('a').claim(recordingId);
      expect(await by('b').claim(recordingId)).toMatchObject({ kind: 'claimed', deaths: 0 });
    });
  });

  it('holds a record that a newer release wrote', async () => {
    const { recordingId } = someInjection('a');
    await store.accept(someInjection('a'));
    await redis().hset(`{exrec}:injection:${recordingId}`, 'version', '2');
    expect(await store.claim(recordingId)).toEqual({ kind: 'newer-version', version: 2 });
    expect((await store.get(recordingId))?.state).toBe('queued');
  });

  it('does not know a recording that was never accepted', async () => {
    expect(await store.claim(recordingIdOf('x'))).toEqual({ kind: 'missing' });
    expect(await store.get(recordingIdOf('x'))).toBeUndefined();
    expect(await store.moveFrom(recordingIdOf('x'), ['failed'], { state: 'queued' })).toBe(false);
  });

  it('pages through all states, many of one millisecond included, each once', async () => {
    const names = Array.from({ length: 250 }, (_, index) => `n${index}`);
    for (const name of names)
      await store.accept(someInjection(name, { acceptedAtMs: name === 'n0' ? 5 : 7 }));
    for (const name of ['n3', 'n4']) {
      const { claim } = await claimed(recordingIdOf(name));
      await store.settle(claim, {
        state: 'failed',
        cause: name === 'n3' ? 'audio-invalid' : 'poison',
      });
    }
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<InjectionStore['page']>> = await store.page({
        states: ['queued', 'failed'],
        limit: 60,
        ...(cursor === null ? {} : { cursor }),
      });
      seen.push(...page.items.map(({ recordingId }) => recordingId));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toHaveLength(250);
    expect(new Set(seen).size).toBe(250);
    const poisoned = await store.page({ states: ['failed'], cause: 'poison', limit: 10 });
    expect(poisoned.items).toMatchObject([{ audioFile: 'n4.opus' }]);
  });

  it.each([
    ['facts', '{"keyId":'],
    ['state', 'levitating'],
    ['acceptedAtMs', 'noon'],
  ])(
    'shows the others beside a record with unreadable %s, and tells of it once',
    async (field, text) => {
      for (const name of ['a', 'b', 'c']) await store.accept(someInjection(name));
      const recordingId = recordingIdOf('b');
      await redis().hset(`{exrec}:injection:${recordingId}`, field, text);
      const files: string[] = [];
      for (let turn = 0; turn < 2; turn += 1)
        for await (const { audioFile } of store.each(['queued'])) files.push(audioFile);
      expect(files.toSorted()).toEqual(['a.opus', 'a.opus', 'c.opus', 'c.opus']);
      expect(errors).toEqual([['recording.unreadable', { recordingId }]]);
      expect(await store.find(recordingId)).toMatchObject({ recordingId, isUnreadable: true });
      expect(await store.get(recordingId)).toBeUndefined();
      const { items } = await store.page({ states: ['queued'], limit: 10 });
      expect(items.map((item) => item.recordingId)).toContain(recordingId);
    },
  );

  it.each([
    ['facts', '{"keyId":'],
    ['acceptedAtMs', 'noon'],
    ['version', ''],
    ['attempts', 'many'],
  ])(
    'makes a dead letter of a record with unreadable %s, with all that is in it',
    async (field, text) => {
      await store.accept(someInjection('b'));
      const recordingId = recordingIdOf('b');
      const key = `{exrec}:injection:${recordingId}`;
      await redis().hset(key, field, text);
      const before = await redis().hgetall(key);
      expect(await store.claim(recordingId)).toEqual({ kind: 'unreadable' });
      expect(await store.claim(recordingId)).toEqual({ kind: 'settled' });
      expect(await store.countByCause('failed')).toEqual({ 'record-unreadable': 1 });
      expect((await store.countByState()).queued).toBe(0);
      const { metadata, audioFile, [field]: damaged } = await redis().hgetall(key);
      expect({ metadata, audioFile, [field]: damaged }).toEqual({
        metadata: before.metadata,
        audioFile: before.audioFile,
        [field]: text,
      });
      const { items } = await store.page({ states: ['failed'], limit: 10 });
      expect(items.map((item) => item.recordingId)).toEqual([recordingId]);
    },
  );

  it('survives something else in the place of a record', async () => {
    const recordingId = recordingIdOf('b');
    await redis().set(`{exrec}:injection:${recordingId}`, 'no hash');
    expect(await store.claim(recordingId)).toEqual({ kind: 'unreadable' });
    expect(await store.find(recordingId)).toMatchObject({ isUnreadable: true });
    expect(await store.standingOf(recordingId)).toEqual({});
  });

  it('forgets the metadata of what is over, and takes them from a later request', async () => {
    const { recordingId } = someInjection('a');
    await store.accept(someInjection('a'));
    expect(await store.dropMetadata(recordingId)).toBe(false);
    await store.moveFrom(recordingId, ['queued'], { state: 'failed', cause: 'audio-missing' });
    expect(await store.dropMetadata(recordingId)).toBe(true);
    expect(await store.get(recordingId)).toMatchObject({ state: 'failed', metadata: '' });
    await store.accept(someInjection('a', { metadata: '{"again":1}' }));
    expect(await store.get(recordingId)).toMatchObject({
      state: 'failed',
      metadata: '{"again":1}',
    });
    expect(await store.drop(recordingId, 'uploaded')).toBe(false);
    expect(await store.drop(recordingId, 'failed')).toBe(true);
    expect(await redis().keys('*')).toEqual(['{exrec}:injection-causes']);
  });

  it('refuses a cursor that it did not make', async () => {
    await expect(store.page({ states: ['queued'], limit: 1, cursor: 'x' })).rejects.toThrow(
      RangeError,
    );
  });
});
