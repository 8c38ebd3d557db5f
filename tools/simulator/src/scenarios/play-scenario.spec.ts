import { startRequestRecorder, type RequestRecorder } from '../../test/request-recorder.js';
import type { CallEvent } from '../call-events/call-event.js';
import { playScenario, type PlayedScenario, type ScenarioTargets } from './play-scenario.js';
import { sampleCalls } from './sample-calls.js';

const startMs = Date.parse('2026-03-02T09:15:00Z');

let webdav: RequestRecorder;
let excps: [RequestRecorder, RequestRecorder];

beforeEach(async () => {
  webdav = await startRequestRecorder(() => 201);
  const excp = () => startRequestRecorder(({ path }) => (path.includes('call-events') ? 202 : 200));
  excps = [await excp(), await excp()];
});
afterEach(() => Promise.all([webdav, ...excps].map((server) => server.stop())));

function play(name: string, seed = 'seed'): Promise<PlayedScenario> {
  const scenario = sampleCalls().find((candidate) => candidate.name === name);
  if (scenario === undefined) throw new Error(`no scenario ${name}`);
  const target = (excp: RequestRecorder) => {
    return { url: excp.url, mcpUsername: 'mcp', mcpPassword: 'p', eventsToken: 'feed-token' };
  };
  const targets: ScenarioTargets = {
    webdav: { url: webdav.url },
    excps: [target(excps[0]), target(excps[1])],
  };
  return playScenario(scenario, targets, {
    ...{ seed, startMs, speed: Infinity },
    pace: { slowUploadMs: 10, lateAudioMs: 10 },
  });
}

function eventsAt(excp: RequestRecorder): CallEvent[] {
  const posts = excp.requests.filter(({ path }) => path === '/api/v1/call-events');
  return posts.flatMap(({ body }) => {
    const lines = body.toString().trim().split('\n');
    return lines.flatMap((line) => {
      const told: CallEvent | CallEvent[] = JSON.parse(line);
      return told;
    });
  });
}

function metadataAt(excp: RequestRecorder): string[] {
  const posts = excp.requests.filter(({ path }) => path.includes('contact-centers'));
  return posts.map(({ body }) => /"mediaId":"([^"]+)"/.exec(body.toString())![1]!);
}

function times(events: readonly CallEvent[]): string[] {
  return events.map(({ time }) => time);
}

it('feeds both EXCPs with every event in order, and each segment to one of them in turn', async () => {
  const played = await play('two-lines-of-business');
  expect(times(eventsAt(excps[0]))).toEqual(times(eventsAt(excps[0])).sort());
  expect(eventsAt(excps[1])).toEqual(eventsAt(excps[0]));
  expect(eventsAt(excps[0]).at(-1)).toMatchObject({ event: 'EventCallDeleted' });
  const [first, second] = played.segments.map(({ mediaId }) => mediaId);
  expect(metadataAt(excps[0])).toEqual([first]);
  expect(metadataAt(excps[1])).toEqual([second]);
  expect(webdav.requests.map(({ path }) => path).sort()).toEqual(
    [`/${first}`, `/${second}`].sort(),
  );
  expect(new Set(played.eventAnswers.map(({ status }) => status))).toEqual(new Set([202]));
});

it('says what it sent and how it must end', async () => {
  const played = await play('queue-call');
  expect(played).toMatchObject({
    name: 'queue-call',
    title: 'Call through a queue',
    segments: [
      {
        mediaId: expect.stringContaining(played.callUUID),
        audioSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        audioStatus: 201,
        metadata: [{ status: 200 }],
        segment: { recordDN: '7105', startMs: startMs + 41_000 },
        expected: { state: 'delivered', queue: 'VQ_TechSupport' },
      },
    ],
  });
});

it('authenticates with the token of the feed and the credentials of MCP', async () => {
  await play('queue-call');
  const authorizations = excps[0].requests.map(({ path, headers }) =>
    [path.includes('call-events'), headers.authorization].join(),
  );
  expect(new Set(authorizations)).toEqual(
    new Set(['true,Bearer feed-token', `false,Basic ${btoa('mcp:p')}`]),
  );
});

it('delivers everything twice when fed twice', async () => {
  await play('fed-twice');
  const ofCall = eventsAt(excps[0]);
  const distinct = new Set(ofCall.map((event) => JSON.stringify(event)));
  expect(ofCall).toHaveLength(2 * distinct.size);
});

it('delivers events out of order, one at a time, none missing', async () => {
  await play('events-out-of-order');
  const events = eventsAt(excps[0]);
  expect(times(events)).not.toEqual(times(events).sort());
  const byKind = (kind: string) => events.filter(({ event }) => event === kind);
  expect(byKind('EventCallCreated')).toHaveLength(1);
  expect(byKind('EventCallDeleted')).toHaveLength(1);
});

it('tells no events of a site without them', async () => {
  const played = await play('metadata-only');
  expect([...eventsAt(excps[0]), ...eventsAt(excps[1])]).toEqual([]);
  expect(metadataAt(excps[0])).toEqual([played.segments[0]!.mediaId]);
});

it('tells only events of a call that was not recorded', async () => {
  const played = await play('abandoned');
  expect(played.segments).toEqual([]);
  expect(webdav.requests).toEqual([]);
  expect(eventsAt(excps[0])).not.toEqual([]);
});

it('repeats a run exactly with the same seed, and shares no id with another', async () => {
  const ids = async (seed?: string) => {
    const { callUUID, segments } = await play('queue-call', seed);
    return [callUUID, segments[0]!.mediaId];
  };
  expect(await ids('a')).toEqual(await ids('a'));
  expect(await ids('b')).not.toEqual(await ids('a'));
});

it('plays every sample call, and every request is accepted', async () => {
  for (const { name } of sampleCalls()) {
    const played = await play(name, name);
    for (const segment of played.segments) {
      expect(segment.audioStatus).toBe(201);
      expect(segment.metadata.every(({ status }) => status === 200)).toBe(true);
    }
  }
  const reposted = metadataAt(excps[0]).length - new Set(metadataAt(excps[0])).size;
  expect(reposted).toBe(2);
});
