import { Failure, silentLogger } from '@exrec/service-kit';
import { ownRedis } from '@exrec/service-kit/testing';
import { numberedRecordings, startRwsSimulator } from '@exrec/simulator';
import { DiscoveryState } from './discovery-state.js';
import { createDiscovery, type DiscoveryOptions } from './discovery.js';
import { RwsClient, type TimeWindow } from './rws-client.js';
import { RwsPause } from './rws-pause.js';
import { readRecording } from './rws-recording.js';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const startMs = Date.parse('2026-03-02T09:00:00Z');

const redis = ownRedis();
let nowMs: number;
let delivered: Set<string>;
let lines: string[];
beforeEach(() => {
  nowMs = startMs + hourMs;
  delivered = new Set();
  lines = [];
});

function check(client: DiscoveryOptions['client']): Promise<void> {
  const error = (event: string, fields: object = {}) =>
    void lines.push(`${event} ${JSON.stringify(fields)}`);
  const job = createDiscovery({
    client,
    state: new DiscoveryState(redis(), '{exrec}'),
    pause: new RwsPause(redis(), '{exrec}', () => nowMs),
    deliver: (segments) => {
      for (const { mediaId } of segments) delivered.add(mediaId.replace('.opus', ''));
      return Promise.resolve();
    },
    ...{ deadlineMs: 6 * hourMs, overlapMs: 15 * minuteMs, everyMs: minuteMs, now: () => nowMs },
    logger: { ...silentLogger, error },
  });
  return job.run();
}
const watermark = async () => Number(await redis().get('{exrec}:rws:watermark'));

/** RWS with a recording in each minute of four hours, whose searches end as `answer` says. */
function everyMinute(answer: (window: TimeWindow, found: number) => Failure | undefined) {
  const recordings = numberedRecordings(240, { startMs, everyMs: minuteMs });
  const client: DiscoveryOptions['client'] = {
    listed: () => Promise.reject(Failure.later('rws-not-found')),
    async *search(window) {
      const found = recordings.filter(({ startTime }) => {
        const atMs = Date.parse(startTime);
        return atMs >= window.fromMs && atMs < window.untilMs;
      });
      await Promise.resolve();
      const failure = answer(window, found.length);
      if (failure !== undefined) throw failure;
      for (const json of found)
        yield readRecording(JSON.parse(JSON.stringify(json)) as never, '{stem}.opus');
    },
  };
  const nameOf = (minute: number) =>
    recordings[minute]?.mediaFiles[0]?.mediaId.replace('.mp3', '') ?? '';
  return { client, nameOf };
}

it('halves a time with too many recordings, and finds them all', async () => {
  const { client, nameOf } = everyMinute((_window, found) =>
    found > 10 ? Failure.later('rws-incomplete') : undefined,
  );
  await redis().set('{exrec}:rws:watermark', startMs);
  nowMs = startMs + 3 * hourMs;
  await check(client);
  expect(delivered.size).toBe(180);
  expect(delivered).toContain(nameOf(179));
  expect(await watermark()).toBe(nowMs);
  expect(lines).toEqual([]);
});

it('sets aside by name the minute at which RWS fails for hours, and goes on with all others', async () => {
  const poisonMs = startMs + 30 * minuteMs;
  const { client, nameOf } = everyMinute(({ fromMs, untilMs }) =>
    fromMs <= poisonMs && poisonMs < untilMs ? Failure.later('rws-unavailable') : undefined,
  );
  await redis().set('{exrec}:rws:watermark', startMs);
  await expect(check(client)).rejects.toMatchObject({ code: 'rws-unavailable' });
  nowMs += 5 * hourMs;
  await expect(check(client)).rejects.toMatchObject({ code: 'rws-unavailable' });
  expect(await watermark()).toBe(startMs);
  nowMs += hourMs;
  await check(client);
  expect(await watermark()).toBe(nowMs);
  expect(delivered.size).toBeGreaterThan(236);
  expect(delivered).toContain(nameOf(239));
  expect(lines[0]).toMatch(/^rws.time-set-aside .*"from":"2026-03-02T09:[23].*rws-unavailable/);
  // It lies in the overlap of later looks, too.
  nowMs += minuteMs;
  await check(client);
  expect(await watermark()).toBe(nowMs);
});

it.each(['rws-unavailable', 'rws-no-answer'])(
  'gives nothing up for an outage (%s), however long it is',
  async (code) => {
    let isAway = true;
    const { client } = everyMinute(() => (isAway ? Failure.later(code) : undefined));
    await redis().set('{exrec}:rws:watermark', startMs);
    for (let hour = 0; hour < 10; hour += 1) {
      await expect(check(client)).rejects.toMatchObject({ code });
      nowMs += hourMs;
    }
    expect(await watermark()).toBe(startMs);
    isAway = false;
    await check(client);
    expect(delivered.size).toBe(240);
    expect(lines).toEqual([]);
  },
);

it('asks for a listed recording that RWS cannot give until the deadline, and holds up nothing for it', async () => {
  const five = numberedRecordings(5, { startMs });
  const rws = await startRwsSimulator({ recordings: five, behaviour: { listing: 'uris' } });
  const { url, username, password } = rws;
  const client = new RwsClient({ url, username, password, audioNameTemplate: '{stem}.opus' });
  try {
    nowMs = startMs + 5 * minuteMs;
    // All five of the list, and one of them once more.
    rws.order({ route: 'recording', times: 6, answer: 500 });
    await check(client);
    expect(delivered.size).toBe(4);
    expect(await watermark()).toBe(nowMs);
    await check(client);
    expect(delivered.size).toBe(5);
    expect(await redis().exists('{exrec}:rws:awaited')).toBe(0);

    await redis().hset('{exrec}:rws:awaited', five[0]?.id ?? '', `${nowMs - 6 * hourMs} 9`);
    rws.order({ route: 'recording', times: 7, answer: 500 });
    await check(client);
    expect(lines).toEqual([]);
    rws.order({ route: 'recording', times: 7, answer: 500 });
    await check(client);
    expect(lines[0]).toMatch(/^rws.recording-set-aside .*rws-unavailable/);
    expect(await redis().hexists('{exrec}:rws:awaited', five[0]?.id ?? '')).toBe(0);
  } finally {
    client.close();
    await rws.stop();
  }
});

it('leaves RWS alone everywhere for as long as it says to one instance, and pulls wait as well', async () => {
  const five = numberedRecordings(5, { startMs });
  const rws = await startRwsSimulator({ recordings: five });
  const { url, username, password } = rws;
  const pause = () => new RwsPause(redis(), '{exrec}', () => nowMs);
  const instance = () =>
    new RwsClient({ url, username, password, pause: pause(), audioNameTemplate: '{stem}.opus' });
  const clients = [instance(), instance()] as const;
  const id = five[0]?.id ?? '';
  try {
    await clients[0].contactCenterId();
    await clients[1].contactCenterId();
    const before = rws.requests.length;
    rws.order({ times: 1, answer: 429, retryAfterSeconds: 120 });
    await expect(clients[0].recording(id)).rejects.toMatchObject({ code: 'rws-rate-limited' });
    nowMs += 20_000;
    await expect(clients[1].recording(id)).rejects.toMatchObject({
      code: 'rws-paused',
      retryAfterMs: 100_000,
    });
    await check(clients[1]);
    expect(rws.requests).toHaveLength(before + 1);
    nowMs += 100_000;
    expect((await clients[1].recording(id)).segments).toHaveLength(1);
  } finally {
    for (const client of clients) client.close();
    await rws.stop();
  }
});
