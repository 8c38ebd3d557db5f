import { ledgerEntrySchemas, rememberedPlace } from '@exrec/service-kit';
import { ownRedis } from '@exrec/service-kit/testing';
import { recordingIdOf } from '@exrec/gc-metadata';
import fc from 'fast-check';
import type { Facts } from '../injection/states/injection.js';
import { ClaimLost, InjectionStore, type Claim } from '../injection/store/injection-store.js';
import { makeSmall, tellOfAll } from './ledger-side.js';

const stream = '{exrec}:ledger';
const nowMs = Date.parse('2026-03-03T10:15:04.000Z');
const day = 24 * 3_600_000;

const redis = ownRedis();
let store: InjectionStore;

beforeEach(() => {
  store = storeWith('on');
});

function storeWith(ledger: 'on' | 'off'): InjectionStore {
  return new InjectionStore(redis(), '{exrec}', { now: () => nowMs, ledger });
}

const facts: Facts = {
  audioSizeBytes: 828_480,
  audioSha256: 'a'.repeat(64),
  audioDurationMs: 207_120,
  zipSizeBytes: 830_000,
  zipSha256: 'b'.repeat(64),
  keyId: 'key-1',
  keyFingerprint: 'F'.repeat(40),
  uploadKey: 'recordings/2026/03/03/upload-key-of-genesys-cloud',
  sealMs: 12,
  uploadMs: 80,
  lastLook: { print: '828480/1772532904000/"etag"', sinceMs: nowMs },
  reportStatus: 'Success',
};

const nameOf = (index: number) =>
  `02AB7QK3${String(index).padStart(24, '0')}_2026-03-03_10-15-04-00A1B2C3-1000F00D-00000001.opus`;

async function accept(index: number, in_ = store): Promise<string> {
  const audioFile = nameOf(index);
  const recordingId = recordingIdOf(audioFile);
  const metadata = JSON.stringify({ schemaVersion: 1, recordingId, ani: '+491715550110' });
  const times = { acceptedAtMs: nowMs, audioDeadlineAtMs: nowMs + day };
  await in_.accept({ recordingId, audioFile, metadata, ...times });
  return recordingId;
}

async function confirm(recordingId: string, in_ = store): Promise<void> {
  const result = await in_.claim(recordingId);
  if (result.kind !== 'claimed') throw new Error(result.kind);
  const attempt = {
    attempt: 1,
    startedAtMs: nowMs,
    endedAtMs: nowMs + 90,
    outcome: 'uploaded',
  } as const;
  await in_.settle(result.claim, {
    state: 'uploaded',
    uploadedAtMs: nowMs,
    facts,
    history: [attempt],
  });
  const confirmed = {
    state: 'confirmed',
    confirmedAtMs: nowMs,
    facts,
    metadata: undefined,
  } as const;
  await in_.moveFrom(recordingId, ['uploaded'], confirmed);
}

/** The last entry of each recording, in the order of the stream. */
async function lastTold(): Promise<Map<string, Readonly<Record<string, string>>>> {
  const entries = await redis().xrange(stream, '-', '+');
  return new Map(
    entries.map(([, flat]) => {
      const [, , , , , id = '', , d = ''] = flat;
      return [id, JSON.parse(d) as Readonly<Record<string, string>>];
    }),
  );
}

/** What the ledger has: read, committed and acknowledged. */
async function ledgerHasAll(): Promise<void> {
  const entries = await redis().xrange(stream, '-', '+');
  if (entries.length > 0) await redis().xdel(stream, ...entries.map(([id]) => id));
}

describe('the outbox', () => {
  it('has no change without its entry and no entry without its change, whatever is done to the records', async () => {
    const steps = fc.constantFrom(
      'accept',
      'claim',
      'advance',
      'wait',
      'upload',
      'fail',
      'confirm',
      'requeue',
      'lose',
    );
    const orders = fc.array(fc.tuple(steps, fc.integer({ min: 0, max: 2 })), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(orders, async (order) => {
        await redis().flushall();
        const claims = new Map<string, Claim>();
        for (const [step, index] of order) {
          const id = recordingIdOf(nameOf(index));
          const before = await redis().xlen(stream);
          const isChanged = await doStep(step, { id, index, claims });
          const isTold = (await redis().xlen(stream)) - before;
          expect(isTold).toBe(isChanged ? 1 : 0);
        }
        for (const [id, told] of await lastTold()) {
          const record = await redis().hgetall(`{exrec}:injection:${id}`);
          const isUnderWay = ['fetching', 'sealing'].includes(record.state ?? '');
          if (isUnderWay) continue;
          const shown = ({ state, attempts, cause }: Readonly<Record<string, string>>) => ({
            state,
            attempts,
            cause,
          });
          expect(shown(told)).toEqual(shown(record));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('tells what the ledger reads, the metadata once', async () => {
    const id = await accept(1);
    await confirm(id);
    const entries = await redis().xrange(stream, '-', '+');
    const told = entries.map(([, flat]) =>
      ledgerEntrySchemas.injection.parse(JSON.parse(flat[7] ?? '')),
    );
    expect(told.map(({ state }) => state)).toEqual(['queued', 'uploaded', 'confirmed']);
    expect(told.map(({ metadata }) => metadata !== undefined)).toEqual([true, false, false]);
    expect(told[2]).toMatchObject({
      facts: { zipSha256: 'b'.repeat(64) },
      history: [{ attempt: 1 }],
    });
  });

  it('is not there without a ledger', async () => {
    await confirm(await accept(1, storeWith('off')), storeWith('off'));
    expect(await redis().exists(stream)).toBe(0);
  });
});

type Step = { readonly id: string; readonly index: number; readonly claims: Map<string, Claim> };

/** @returns whether a change was made that a person could ask for */
async function doStep(step: string, { id, index, claims }: Step): Promise<boolean> {
  const claim = claims.get(id) ?? { recordingId: id, token: 'none' };
  const settle = async (change: Parameters<InjectionStore['settle']>[1]) => {
    try {
      await store.settle(claim, change);
      return true;
    } catch (error) {
      if (error instanceof ClaimLost) return false;
      throw error;
    } finally {
      claims.delete(id);
    }
  };
  if (step === 'accept') {
    const isNew = (await store.standingOf(id)).state === undefined;
    await accept(index);
    return isNew;
  }
  if (step === 'claim') {
    const result = await store.claim(id, { alone: true });
    if (result.kind === 'claimed') claims.set(id, result.claim);
    return false;
  }
  if (step === 'advance') {
    await store.advance(claim, { state: 'sealing' }).catch(() => undefined);
    return false;
  }
  if (step === 'wait')
    return settle({ state: 'waiting', cause: 'audio-missing', nextTryAtMs: nowMs });
  if (step === 'upload') return settle({ state: 'uploaded', facts });
  if (step === 'fail') return settle({ state: 'failed', cause: 'gc-rejected' });
  if (step === 'confirm')
    return store.moveFrom(id, ['uploaded'], { state: 'confirmed', confirmedAtMs: nowMs });
  if (step === 'requeue') return store.moveFrom(id, ['failed', 'waiting'], { state: 'queued' });
  claims.delete(id);
  return false;
}

describe('a recording that the ledger has', () => {
  it('costs at most 300 bytes, indexes included, and is still known as a duplicate', async () => {
    const count = 1_000;
    const usedBytes = async () =>
      Number(/used_memory:(\d+)/.exec(await redis().info('memory'))?.[1]);
    const empty = await usedBytes();
    for (let index = 0; index < count; index += 1) await confirm(await accept(index));
    expect(await makeSmall(store)).toBe(0);
    await ledgerHasAll();
    const big = await usedBytes();
    expect(await makeSmall(store)).toBe(count);
    const small = await usedBytes();
    // With so few of them nearly each has a set of its own: that is the most that one costs.
    const perRecording = { before: (big - empty) / count, after: (small - empty) / count };
    expect(perRecording.before).toBeGreaterThan(900);
    expect(perRecording.after).toBeLessThan(300);
    expect(await redis().zcard('{exrec}:injections-by:confirmed')).toBe(0);
    expect(await redis().keys('{exrec}:injection:*')).toEqual([]);
  });

  it('costs a dozen bytes where there are many', async () => {
    // As many as there are in one set at the end of a week of 14 recordings a second.
    const count = Math.round((7 * 14 * 86_400) / 65_536);
    for (let index = 0; index < count; index += 1)
      await redis().sadd('set', rememberedPlace(nameOf(index)).digest);
    const bytes = Number(await redis().call('MEMORY', 'USAGE', 'set', 'SAMPLES', '0'));
    expect(bytes / count).toBeLessThan(12);
  });

  it('is answered as before, goes after 14 days, and waits as long as the ledger does not have it', async () => {
    let laterMs = 0;
    const later = new InjectionStore(redis(), '{exrec}', {
      now: () => nowMs + laterMs,
      ledger: 'on',
    });
    const id = await accept(1);
    await confirm(id);
    await makeSmall(store);
    expect(await store.get(id)).toMatchObject({ audioFile: nameOf(1), facts: { keyId: 'key-1' } });
    await ledgerHasAll();
    await makeSmall(store);
    expect(await store.find(id)).toEqual({ recordingId: id, isSmall: true });
    expect(await store.find(recordingIdOf(nameOf(2)))).toBeUndefined();
    for (laterMs of [0, 14 * day]) {
      expect(await later.standingOf(id)).toEqual({ state: 'confirmed' });
      const again = { recordingId: id, audioFile: nameOf(1), metadata: '{}' };
      const times = { acceptedAtMs: nowMs, audioDeadlineAtMs: nowMs };
      expect(await later.accept({ ...again, ...times })).toMatchObject({
        isNew: false,
        state: 'confirmed',
      });
    }
    const [set = ''] = await redis().keys('{exrec}:confirmed:*');
    const ttlMs = await redis().pttl(set);
    expect(ttlMs).toBeGreaterThan(14 * day);
    expect(ttlMs).toBeLessThanOrEqual(21 * day);
    expect(await store.claim(id)).toEqual({ kind: 'missing' });
    expect(await redis().xlen(stream)).toBe(0);
  });

  it('leaves dead letters and what is on its way as they are', async () => {
    const id = await accept(1);
    const result = await store.claim(id);
    if (result.kind === 'claimed')
      await store.settle(result.claim, { state: 'failed', cause: 'poison' });
    await ledgerHasAll();
    expect(await makeSmall(store)).toBe(0);
    expect(await store.get(id)).toMatchObject({ state: 'failed', cause: 'poison' });
  });
});

describe('tellOfAll', () => {
  it('tells of what was there before the ledger was switched on, so that it becomes small', async () => {
    const before = storeWith('off');
    await confirm(await accept(1, before), before);
    await accept(2, before);
    expect(await tellOfAll(store)).toBe(2);
    const told = await lastTold();
    expect([...told.values()].map(({ state }) => state).sort()).toEqual(['confirmed', 'queued']);
    await ledgerHasAll();
    expect(await makeSmall(store)).toBe(1);
    expect(await tellOfAll(store)).toBe(1);
  });
});
