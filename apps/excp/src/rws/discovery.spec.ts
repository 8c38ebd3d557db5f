import { silentLogger, type LogFields, type Logger } from '@exrec/service-kit';
import { ownRedis } from '@exrec/service-kit/testing';
import {
  numberedRecordings,
  startRwsSimulator,
  type RwsOptions,
  type RwsSimulator,
} from '@exrec/simulator';
import type { SegmentMetadata } from '../interaction/index.js';
import { DiscoveryState } from './discovery-state.js';
import { createDiscovery } from './discovery.js';
import { RwsClient } from './rws-client.js';
import { RwsPause } from './rws-pause.js';

const startMs = Date.parse('2026-03-02T09:00:00Z');
const minuteMs = 60_000;
const overlapMs = 15 * minuteMs;
const deadlineMs = 6 * 60 * minuteMs;
const watermarkKey = '{exrec}:rws:watermark';

const redis = ownRedis();
let rws: RwsSimulator;
let client: RwsClient;
let pause: RwsPause;
let nowMs: number;
let delivered: string[];
let lines: [string, LogFields | undefined][];
let deliver: (segments: readonly SegmentMetadata[]) => Promise<void>;
beforeEach(() => {
  delivered = [];
  lines = [];
  deliver = (segments) => {
    delivered.push(...segments.map(({ mediaId }) => mediaId));
    return Promise.resolve();
  };
});
afterEach(async () => {
  client.close();
  await rws.stop();
});

async function start(options: RwsOptions = {}): Promise<() => Promise<void>> {
  nowMs = startMs + 5 * minuteMs;
  rws = await startRwsSimulator(options);
  const { url, username, password } = rws;
  pause = new RwsPause(redis(), '{exrec}', () => nowMs);
  client = new RwsClient({ url, username, password, pause, audioNameTemplate: '{stem}.opus' });
  return instance().run;
}

/** Another EXCP on the same Redis and RWS. */
function instance() {
  const record = (event: string, fields?: LogFields) => void lines.push([event, fields]);
  const logger: Logger = { ...silentLogger, info: record, warn: record, error: record };
  return createDiscovery({
    ...{ client, logger, overlapMs, pause, deadlineMs, everyMs: minuteMs, now: () => nowMs },
    state: new DiscoveryState(redis(), '{exrec}'),
    deliver: (segments) => deliver(segments),
  });
}

const watermark = async () => Number(await redis().get(watermarkKey));
const five = numberedRecordings(5, { startMs });
const names = (recordings = five) =>
  recordings.flatMap(({ mediaFiles }) =>
    mediaFiles.map(({ mediaId }) => mediaId.replace('.mp3', '.opus')),
  );

it('delivers each media file once, on whichever instance the looks fall', async () => {
  const run = await start({
    recordings: five,
    behaviour: { pageSize: 2, repeatsAcrossPages: true },
  });
  await run();
  expect(delivered.sort()).toEqual(names().sort());
  nowMs += minuteMs;
  await run();
  await instance().run();
  expect(delivered).toHaveLength(5);
});

it('moves the watermark to the time of the look, and looks back by the overlap', async () => {
  const run = await start({ recordings: five });
  await run();
  expect(await watermark()).toBe(nowMs);
  nowMs += minuteMs;
  await run();
  const query = new URL(rws.requests.at(-1)!.path, rws.url).searchParams;
  expect([query.get('startTime'), query.get('stopTime')]).toEqual([
    new Date(nowMs - minuteMs - overlapMs).toISOString(),
    new Date(nowMs).toISOString(),
  ]);
});

it('does not move the watermark when page 2 fails, and delivers the rest at the next look', async () => {
  const run = await start({ recordings: five, behaviour: { pageSize: 2 } });
  rws.order({ route: 'search', page: 2, times: 1, answer: 500 });
  await expect(run()).rejects.toMatchObject({ code: 'rws-unavailable' });
  expect(await watermark()).toBe(nowMs - overlapMs);
  await run();
  expect(await watermark()).toBe(nowMs);
  expect([...new Set(delivered)].sort()).toEqual(names().sort());
});

it('starts where it first wanted to, however long RWS was away', async () => {
  const run = await start({ recordings: five });
  rws.order({ times: 1, answer: 503 });
  await expect(run()).rejects.toMatchObject({ code: 'rws-unavailable' });
  nowMs += 5 * 60 * minuteMs;
  await run();
  expect(delivered.sort()).toEqual(names().sort());
  expect(await watermark()).toBe(nowMs);
});

it('does not move the watermark when the segments could not be delivered, and delivers them again', async () => {
  const run = await start({ recordings: five });
  const delivering = deliver;
  deliver = () => Promise.reject(new Error('Redis is away'));
  await expect(run()).rejects.toThrow('Redis is away');
  expect(await watermark()).toBe(nowMs - overlapMs);
  deliver = delivering;
  await run();
  expect(delivered.sort()).toEqual(names().sort());
});

it('finds media files that come to a known recording between two looks', async () => {
  const [recording] = five;
  const [mediaFile] = recording!.mediaFiles;
  const late = { ...mediaFile!, mediaId: 'late.mp3' };
  const run = await start({ recordings: [recording!] });
  await run();
  rws.put([{ ...recording!, mediaFiles: [mediaFile!, late] }]);
  nowMs += minuteMs;
  await run();
  await run();
  expect(delivered).toEqual([...names([recording!]), 'late.opus']);
});

it('delivers a media file again when its recording has changed', async () => {
  const [recording] = five;
  const run = await start({ recordings: [recording!] });
  await run();
  const contact = { type: 'External', phoneNumber: '4930555010' } as const;
  const { startTime: occurredAt, id: calluuid } = recording!;
  const eventHistory = [{ occurredAt, calluuid, event: 'Joined', contact }] as const;
  rws.put([{ ...recording!, eventHistory }]);
  await run();
  await run();
  nowMs += 1;
  await run();
  expect(delivered).toEqual([...names([recording!]), ...names([recording!])]);
});

it('delivers 3,000 recordings, at most 100 at a time, and forgets them when they are past', async () => {
  const recordings = numberedRecordings(3_000, { startMs, everyMs: 60 });
  const run = await start({ recordings, behaviour: { pageSize: 1000 } });
  const sizes: number[] = [];
  const delivering = deliver;
  deliver = (segments) => {
    sizes.push(segments.length);
    return delivering(segments);
  };
  await run();
  expect([delivered.length, new Set(delivered).size]).toEqual([3_000, 3_000]);
  expect(Math.max(...sizes)).toBe(100);
  nowMs += 60 * minuteMs;
  await run();
  expect(delivered).toHaveLength(3_000);
  expect(await redis().zcard('{exrec}:rws:delivered')).toBe(0);
});

it('catches up hour by hour, and keeps the hours that were done', async () => {
  const run = await start();
  await run();
  const doneMs = nowMs;
  const inHour = (hours: number) => {
    const [recording] = numberedRecordings(1, { startMs: doneMs + hours * 60 * minuteMs });
    const [mediaFile] = recording!.mediaFiles;
    const mediaFiles = [{ ...mediaFile!, mediaId: `hour-${hours}.mp3` }];
    return { ...recording!, id: `CALL${hours}`, mediaFiles };
  };
  rws.put([0.5, 1.5, 2.5].map(inHour));
  nowMs += 180 * minuteMs;
  const delivering = deliver;
  deliver = (segments) =>
    segments.some(({ mediaId }) => mediaId === 'hour-2.5.opus')
      ? Promise.reject(new Error('Redis is away'))
      : delivering(segments);
  await expect(run()).rejects.toThrow('Redis is away');
  expect(await watermark()).toBe(doneMs + 120 * minuteMs);
  deliver = delivering;
  await run();
  expect(delivered).toEqual(['hour-0.5.opus', 'hour-1.5.opus', 'hour-2.5.opus']);
  expect(await watermark()).toBe(nowMs);
});

it('bears with a watermark that lies ahead', async () => {
  const run = await start({ recordings: five });
  await redis().set(watermarkKey, `${nowMs + 60 * minuteMs}`);
  await run();
  expect(delivered.sort()).toEqual(names().sort());
  expect(await watermark()).toBe(nowMs);
});

it('leaves RWS alone for as long as it says', async () => {
  const run = await start({ recordings: five });
  rws.order({ times: 1, answer: 429, retryAfterSeconds: 120 });
  await expect(run()).rejects.toMatchObject({ code: 'rws-rate-limited' });
  nowMs += 119_000;
  await run();
  expect(rws.requests).toHaveLength(1);
  nowMs += 1_000;
  await run();
  expect(rws.requests.length).toBeGreaterThan(1);
});

it('reports media files that it cannot use without their content, and delivers the others', async () => {
  const [recording] = five;
  const bad = { ...recording!.mediaFiles[0]!, mediaId: '../+4930555010' };
  const run = await start({
    recordings: [{ ...recording!, mediaFiles: [bad, ...recording!.mediaFiles] }],
  });
  await run();
  expect(delivered).toEqual(names([recording!]));
  expect(lines).toContainEqual([
    'rws.media-files-rejected',
    expect.objectContaining({ rejectedCount: 1 }),
  ]);
  expect(JSON.stringify(lines)).not.toContain('4930555010');
});
