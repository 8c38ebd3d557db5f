import { recordingIdOf } from '@exrec/gc-metadata';
import type { ListedAudio } from '@exrec/recording-store';
import { Failure, type LogFields, silentLogger } from '@exrec/service-kit';
import { ownRedis } from '@exrec/service-kit/testing';
import type { InjectionState } from '../injection/states/injection.js';
import { LatestPass } from './latest-pass.js';
import { Outages } from './outages.js';
import { Retention, type RetentionOptions } from './retention.js';
import { SeenFiles } from './seen-files.js';

const hour = 3_600_000;
const startMs = Date.parse('2026-03-02T09:00:00Z');

const redis = ownRedis();
let nowMs = startMs;
let isTrusted = true;
/** What the storage holds: names with their stamps, epoch ms by its own clock. */
let stored: Map<string, number>;
let storageNowMs: () => number;
let states: Map<string, InjectionState>;
let lines: { event: string; fields: LogFields | undefined }[];
let options: RetentionOptions;
beforeEach(() => {
  [nowMs, isTrusted, stored, states, lines] = [startMs, true, new Map(), new Map(), []];
  storageNowMs = () => nowMs;
  const record = (event: string, fields?: LogFields) => void lines.push({ event, fields });
  options = {
    retentionMs: 24 * hour,
    deleteWhen: 'retention',
    recordings: {
      list: () => listing(),
      remove: (name) => Promise.resolve(void stored.delete(name)),
    },
    store: {
      standingOf: (id) => {
        const state = states.get(id);
        return Promise.resolve(state === undefined ? {} : { state });
      },
      dropMetadata: () => Promise.resolve(true),
    },
    seenFiles: new SeenFiles(redis(), '{exrec}'),
    outages: new Outages(redis(), '{exrec}'),
    latestPass: new LatestPass(redis(), '{exrec}'),
    logger: { ...silentLogger, info: record, warn: record, error: record },
    clock: { now: () => nowMs, isTrusted: () => isTrusted },
  };
});

// eslint-disable-next-line @typescript-eslint/require-await -- the port is asynchronous
async function* listing(): AsyncIterable<ListedAudio> {
  for (const [name, modifiedAtMs] of [...stored])
    yield { name, sizeBytes: 1, modifiedAtMs, storageNowMs: storageNowMs() };
}

function put(name: string, state?: InjectionState, modifiedAtMs = nowMs): void {
  stored.set(name, modifiedAtMs);
  if (state !== undefined) states.set(recordingIdOf(name), state);
}

const pass = () => new Retention(options).pass();
/** The passes of so many hours, one each hour. */
async function after(hours: number) {
  let last = await pass();
  for (let passed = 0; passed < hours; passed += 1) {
    nowMs += hour;
    last = await pass();
  }
  return last;
}
const left = () => [...stored.keys()];

describe('an audio file', () => {
  it('goes at its age, and one that is still needed or that nobody knows at twice its age', async () => {
    put('confirmed.opus', 'confirmed');
    put('failed.opus', 'failed');
    put('waiting.opus', 'waiting');
    put('uploaded.opus', 'uploaded');
    put('unknown.opus');
    await after(24);
    expect(left()).toHaveLength(5);
    await after(1);
    expect(left()).toEqual(['waiting.opus', 'uploaded.opus', 'unknown.opus']);
    await after(23);
    expect(left()).toHaveLength(3);
    await after(1);
    expect(left()).toEqual([]);
    const deletions = lines.filter(({ event }) => event === 'retention.deleted');
    expect(deletions.map(({ fields }) => fields)).toContainEqual({
      file: 'waiting.opus',
      recordingId: recordingIdOf('waiting.opus'),
      reason: 'open-past-twice-retention',
      state: 'waiting',
    });
    expect(deletions).toHaveLength(5);
  });

  it.each([
    ['of 1970', () => 0],
    ['of a storage that is three days behind', () => startMs - 72 * hour],
  ])('is not old because of a stamp %s', async (_what, stamp) => {
    put('a.opus', 'waiting', stamp());
    put('b.opus', 'confirmed', stamp());
    put('c.opus', undefined, stamp());
    await after(24);
    expect(left()).toHaveLength(3);
    await after(1);
    expect(left()).toEqual(['a.opus', 'c.opus']);
  });

  it('is not young for ever because of a stamp in the future', async () => {
    put('a.opus', 'confirmed', startMs + 1_000 * hour);
    await after(25);
    expect(left()).toEqual([]);
  });

  it('of any other name is not ours', async () => {
    for (const name of ['a.wav', 'notes.txt', '.hidden.opus']) put(name, 'confirmed');
    await after(60);
    expect(left()).toHaveLength(3);
    expect(await options.seenFiles.count()).toBe(0);
  });

  it('is new when one of its name comes again', async () => {
    put('a.opus', 'confirmed');
    await after(25);
    expect(left()).toEqual([]);
    put('a.opus', 'confirmed', 0);
    await after(24);
    expect(left()).toEqual(['a.opus']);
  });

  it('is kept when its recording was taken back since it was judged', async () => {
    put('a.opus', 'failed');
    await after(24);
    nowMs += hour;
    const { standingOf } = options.store;
    let asked = 0;
    options = {
      ...options,
      store: {
        ...options.store,
        standingOf: (id) =>
          (asked += 1) === 1 ? standingOf(id) : Promise.resolve({ state: 'queued' }),
      },
    };
    await pass();
    expect(left()).toEqual(['a.opus']);
  });
});

describe('nothing is deleted', () => {
  /** Files that were confirmed a day ago, and that go now unless something speaks against it. */
  async function due(state: InjectionState, count: number): Promise<void> {
    for (let n = 0; n < count; n += 1) put(`due-${n}.opus`, state);
    await after(24);
    nowMs += hour;
  }

  it('while clocks disagree', async () => {
    await due('confirmed', 3);
    isTrusted = false;
    expect((await pass()).stopped).toMatch(/clock/);
    expect(left()).toHaveLength(3);
    isTrusted = true;
    await pass();
    expect(left()).toEqual([]);
  });

  it.each(['redis', 'webdav', 'genesys-cloud', 'exrp'] as const)(
    'within an hour of the end of an outage: %s',
    async (what) => {
      await due('confirmed', 3);
      await options.outages.record(what, nowMs - hour + 1);
      await options.outages.record(what, nowMs - 3 * hour);
      expect(await pass()).toMatchObject({ deleted: 0, kept: 3 });
      nowMs += 1;
      await pass();
      expect(left()).toEqual([]);
    },
  );

  it('within an hour of a listing that failed', async () => {
    await due('confirmed', 3);
    const { recordings } = options;
    const away = () => {
      throw Failure.later('storage-unavailable');
    };
    options = { ...options, recordings: { ...recordings, list: away } };
    await expect(pass()).rejects.toThrow('storage-unavailable');
    options = { ...options, recordings };
    await pass();
    expect(left()).toHaveLength(3);
  });

  it('when more than half of all files would go, and that is said', async () => {
    await due('failed', 10);
    for (let n = 0; n < 9; n += 1) put(`new-${n}.opus`, 'queued');
    const { stopped } = await pass();
    expect(stopped).toBe('10 of 19 files would go that are not confirmed');
    expect(left()).toHaveLength(19);
    expect(lines.at(-1)).toMatchObject({ event: 'retention.stopped', fields: { due: 10 } });
    expect(await new LatestPass(redis(), '{exrec}').read()).toMatchObject({ stopped });
    put('new-10.opus', 'queued');
    await pass();
    expect(left()).toHaveLength(10);
  });

  it('but what Genesys Cloud has confirmed goes, however much it is, and a handful', async () => {
    await due('confirmed', 20);
    await pass();
    expect(left()).toEqual([]);
    await due('failed', 5);
    await pass();
    expect(left()).toEqual([]);
  });
});

it('counts open recordings whose audio goes within two hours, by the time of the file', async () => {
  put('old.opus', 'waiting');
  expect((await after(46)).lostSoon).toBe(0);
  put('new.opus', 'waiting');
  nowMs += 60_000;
  expect((await pass()).lostSoon).toBe(1);
});

it('says so when the listing is empty although files are known, and goes on counting their age', async () => {
  put('a.opus', 'confirmed');
  await after(20);
  const hidden = stored;
  stored = new Map();
  await pass();
  expect(lines.map(({ event }) => event)).toContain('retention.listing-empty');
  stored = hidden;
  await after(5);
  expect(left()).toEqual([]);
});

it('forgets files that are not listed any more', async () => {
  put('gone.opus', 'confirmed');
  put('here.opus', 'waiting');
  await pass();
  stored.delete('gone.opus');
  await after(24);
  expect(await options.seenFiles.count()).toBe(2);
  await after(1);
  expect(await options.seenFiles.count()).toBe(1);
});

describe('when the storage refuses deletions', () => {
  it('the other files go, and the refusals are told once', async () => {
    for (const name of ['locked.opus', 'a.opus', 'held.opus', 'b.opus']) put(name, 'confirmed');
    await after(24);
    nowMs += hour;
    const remove = (name: string) =>
      /locked|held/.test(name)
        ? Promise.reject(Failure.later('storage-unavailable'))
        : options.recordings.remove(name);
    const refusing = new Retention({ ...options, recordings: { ...options.recordings, remove } });
    expect(await refusing.pass()).toMatchObject({ deleted: 2, kept: 2 });
    expect(left()).toEqual(['locked.opus', 'held.opus']);
    const told = lines.filter(({ event }) => event === 'retention.not-deleted');
    expect(told.map(({ fields }) => fields)).toEqual([{ files: 2, error: expect.any(Failure) }]);
  });
  it('the pass ends, so that other upkeep has its turn, when it takes its time to refuse', async () => {
    for (let n = 0; n < 10; n += 1) put(`${n}.opus`, 'confirmed');
    await after(24);
    nowMs += hour;
    let asked = 0;
    const remove = () => {
      asked += 1;
      return Promise.reject(Failure.later('storage-unavailable'));
    };
    const recordings = { ...options.recordings, remove };
    await new Retention({ ...options, recordings, refusalPatienceMs: 0 }).pass();
    expect(asked).toBe(1);
  });
});
