import type { RecordingStore } from '@exrec/recording-store';
import { Failure, silentLogger, type LogFields } from '@exrec/service-kit';
import type { InjectionState } from '../injection/states/injection.js';
import { applyRetention, mayDelete } from './retention.js';

const hour = 3_600_000;

/** Old files of these names. */
// eslint-disable-next-line @typescript-eslint/require-await -- the port is asynchronous
async function* listing(names: Iterable<string>) {
  for (const name of [...names]) yield { name, sizeBytes: 1, modifiedAtMs: 0 };
}

describe('mayDelete', () => {
  it.each<['retention' | 'uploaded' | 'confirmed', InjectionState | undefined, number, boolean]>([
    ['retention', 'confirmed', 23, false],
    ['retention', 'confirmed', 25, true],
    ['retention', undefined, 23, false],
    ['retention', undefined, 25, true],
    ['retention', 'failed', 25, true],
    ['retention', 'waiting', 25, false],
    ['retention', 'queued', 47, false],
    ['retention', 'waiting', 49, true],
    ['uploaded', 'uploaded', 0, true],
    ['uploaded', 'confirmed', 0, true],
    ['uploaded', 'waiting', 1, false],
    ['uploaded', 'failed', 1, false],
    ['uploaded', undefined, 1, false],
    ['confirmed', 'uploaded', 1, false],
    ['confirmed', 'confirmed', 0, true],
    ['confirmed', 'uploaded', 25, true],
  ])('deleteWhen=%s, recording %s, %d h old: %s', (deleteWhen, state, ageHours, expected) => {
    expect(mayDelete(ageHours * hour, state, { retentionMs: 24 * hour, deleteWhen })).toBe(
      expected,
    );
  });
});

describe('applyRetention', () => {
  it('deletes the other files when some cannot be deleted, and says so once', async () => {
    const stored = new Set(['locked.opus', 'a.opus', 'held.opus', 'b.opus']);
    const recordings: Pick<RecordingStore, 'list' | 'remove'> = {
      list: () => listing(stored),
      remove: (name) => {
        if (/locked|held/.test(name)) return Promise.reject(Failure.later('storage-unavailable'));
        stored.delete(name);
        return Promise.resolve();
      },
    };
    const warnings: (LogFields | undefined)[] = [];
    const result = await applyRetention({
      recordings,
      store: { standingOf: () => Promise.resolve({}) },
      logger: { ...silentLogger, warn: (_event, fields) => void warnings.push(fields) },
      retentionMs: hour,
      deleteWhen: 'retention',
      now: () => 2 * hour,
    });
    expect([...stored]).toEqual(['locked.opus', 'held.opus']);
    expect(result).toEqual({ deleted: 2, kept: 2 });
    expect(warnings).toEqual([{ files: 2, error: expect.any(Failure) }]);
  });

  it('ends its pass when the storage takes minutes to refuse', async () => {
    let nowMs = 2 * hour;
    let asked = 0;
    const recordings: Pick<RecordingStore, 'list' | 'remove'> = {
      list: () => listing(Array.from({ length: 100 }, (_, n) => `${n}.opus`)),
      remove: () => {
        asked += 1;
        nowMs += 30_000;
        return Promise.reject(Failure.later('storage-unavailable'));
      },
    };
    const result = await applyRetention({
      recordings,
      store: { standingOf: () => Promise.resolve({}) },
      logger: silentLogger,
      retentionMs: hour,
      deleteWhen: 'retention',
      now: () => nowMs,
    });
    expect(asked).toBe(4);
    expect(result).toEqual({ deleted: 0, kept: 4 });
  });
});
