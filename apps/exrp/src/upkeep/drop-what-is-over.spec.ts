import { recordingIdOf } from '@exrec/gc-metadata';
import { silentLogger } from '@exrec/service-kit';
import { ownRedis } from '@exrec/service-kit/testing';
import { InjectionStore } from '../injection/store/injection-store.js';
import { dropWhatIsOver } from './drop-what-is-over.js';

const [hour, day] = [3_600_000, 24 * 3_600_000];
const redis = ownRedis();
let store: InjectionStore;
let nowMs: number;
let filesThere: Set<string>;
beforeEach(async () => {
  nowMs = Date.UTC(2026, 2, 2);
  filesThere = new Set();
  store = new InjectionStore(redis(), '{exrec}', { now: () => nowMs, logger: silentLogger });
  for (const state of ['uploaded', 'failed'] as const) {
    const recordingId = recordingIdOf(state);
    const injection = { recordingId, audioFile: `${state}.opus`, metadata: '{"ani":"1"}' };
    const times = { acceptedAtMs: nowMs, audioDeadlineAtMs: nowMs + day };
    await store.accept({ ...injection, ...times, expectedSizeBytes: 12 });
    await store.moveFrom(recordingId, ['queued'], { state });
    filesThere.add(`${state}.opus`);
  }
});

const drop = () =>
  dropWhatIsOver({
    store,
    seenFiles: { isKnown: (name) => Promise.resolve(filesThere.has(name)) },
    retentionMs: day,
    logger: silentLogger,
    nowMs,
  });

it.each(['uploaded', 'failed'] as const)(
  'the metadata of what is %s go with its audio, and its record after 90 days',
  async (state) => {
    const recordingId = recordingIdOf(state);
    const metadata = async () => (await store.get(recordingId))?.metadata;
    nowMs += 2 * day + hour;
    await drop();
    expect(await metadata()).toBe('{"ani":"1"}');
    filesThere.clear();
    await drop();
    expect(await metadata()).toBe('');
    expect(await store.get(recordingId)).toMatchObject({ state });
    nowMs += 87 * day;
    expect(await drop()).toBe(0);
    nowMs += day;
    expect(await drop()).toBe(2);
    expect(await store.get(recordingId)).toBeUndefined();
  },
);

it('nothing is forgotten while its audio may still be needed', async () => {
  filesThere.clear();
  nowMs += 2 * day - hour;
  await drop();
  expect((await store.get(recordingIdOf('failed')))?.metadata).toBe('{"ani":"1"}');
});
