import { Failure, silentLogger } from '@exrec/service-kit';
import {
  callEventsOf,
  callIds,
  compileScenario,
  rwsRecordingsOf,
  sampleCalls,
  startRwsSimulator,
  type RwsBehaviour,
  type RwsSimulator,
} from '@exrec/simulator';
import { readMetadata, readCallEvents } from '../collect/index.js';
import type { PullOutcome } from '../delivery/segment-source.js';
import { foldInteraction, type JsonValue, type LogEntry } from '../interaction/index.js';
import { RwsClient } from './rws-client.js';
import { createRwsSegmentSource } from './rws-segment-source.js';

const startMs = Date.parse('2026-03-02T09:15:00Z');
const endedAtMs = startMs + 3_600_000;
const deadlineMs = 6 * 3_600_000;

let rws: RwsSimulator;
let client: RwsClient;
afterEach(async () => {
  client.close();
  await rws.stop();
});

/** A sample call after its end, without metadata, and RWS that knows its recordings. */
async function start(name: string, behaviour: Partial<RwsBehaviour> = {}) {
  const scenario = sampleCalls().find((candidate) => candidate.name === name)!;
  const compiled = compileScenario(scenario, { ids: callIds('seed'), startMs });
  const recordings = rwsRecordingsOf(compiled);
  rws = await startRwsSimulator({ recordings, behaviour });
  const { url, username, password } = rws;
  client = new RwsClient({ url, username, password, audioNameTemplate: '{stem}.opus' });
  const source = createRwsSegmentSource({
    ...{ client, deadlineMs, logger: silentLogger, random: () => 0 },
  });
  const body = Buffer.from(JSON.stringify(callEventsOf(compiled.calls)));
  const events = readCallEvents(body, 'json').accepted;
  const entries: LogEntry[] = events.map((event) => ({ kind: 'event', event }));
  const mediaIds = compiled.segments.map(({ segment }) => segment.mediaId).sort();
  const pull = (attempts = 0, nowMs = endedAtMs) =>
    source.pullSegments(foldInteraction(entries), { attempts, nowMs, startedAtMs: endedAtMs });
  return { entries, mediaIds, pull, recordings };
}

const idsOf = ({ segments }: PullOutcome) => segments.map(({ mediaId }) => mediaId).sort();

it.each(['queue-call', 'consult-transfer', 'conference', 'two-lines-of-business'])(
  'finds all segments of %s, of all its calls',
  async (name) => {
    const { mediaIds, pull } = await start(name);
    const outcome = await pull();
    expect([idsOf(outcome), outcome.next]).toEqual([mediaIds, { kind: 'complete' }]);
  },
);

it('gives what is there, and asks again until every agent heard has a segment', async () => {
  const { mediaIds, pull } = await start('two-lines-of-business', {
    notFoundReads: 1,
    growsFrom: 1,
  });
  expect(mediaIds).toHaveLength(2);
  const again = (cause: string, inMs: number) => ({
    kind: 'again',
    cause,
    nextTryAtMs: endedAtMs + inMs,
  });
  expect(await pull(0)).toEqual({ segments: [], next: again('rws-not-found', 5_000) });
  const second = await pull(1);
  expect(second.segments).toHaveLength(1);
  expect(second.next).toEqual(again('rws-segments-missing', 10_000));
  const third = await pull(2);
  expect([idsOf(third), third.next]).toEqual([mediaIds, { kind: 'complete' }]);
});

it('reports what is missing at the deadline, and keeps what is there', async () => {
  const { pull } = await start('two-lines-of-business', { growsFrom: 1 });
  const outcome = await pull(40, endedAtMs + deadlineMs);
  expect(outcome.segments).toHaveLength(1);
  expect(outcome.next).toEqual({ kind: 'missing', cause: 'rws-segments-missing', isOwed: true });
});

it('asks until the deadline about a call that RWS does not know, though nobody was heard', async () => {
  const { entries, pull } = await start('queue-call', { notFoundReads: 100 });
  entries.splice(0, entries.length, ...entries.slice(0, 1));
  const next = async (afterMs: number) => (await pull(9, endedAtMs + afterMs)).next;
  expect(await next(3_600_000)).toMatchObject({ kind: 'again', cause: 'rws-not-found' });
  expect(await next(deadlineMs)).toEqual({
    kind: 'missing',
    cause: 'rws-not-found',
    isOwed: false,
  });
});

it('does not take the segment of a trunk for that of an agent', async () => {
  const { entries, pull, recordings } = await start('queue-call');
  const [recording] = recordings;
  const [mediaFile] = recording!.mediaFiles;
  const { agentId: _agentId, ...parameters } = mediaFile!.parameters;
  const ofTrunk = { ...mediaFile!, parameters: { ...parameters, recordDN: 'Trunk_SBC1' } };
  rws.put([{ ...recording!, mediaFiles: [ofTrunk] }]);
  const trunkParty = {
    ...{ eventId: 't', event: 'EventCallPartyAdded', time: new Date(startMs).toISOString() },
    ...{ callUUID: recording!.id, thisDN: 'Trunk_SBC1', partyType: 'trunk' },
  };
  const [event] = readCallEvents(Buffer.from(JSON.stringify(trunkParty)), 'json').accepted;
  entries.push({ kind: 'event', event: event! });
  const outcome = await pull();
  expect(outcome.segments).toHaveLength(1);
  expect(outcome.next).toMatchObject({ kind: 'again' });
});

it("does not take an agent's second segment for that of another agent", async () => {
  const { pull, recordings } = await start('two-lines-of-business');
  const [recording] = recordings;
  const [mediaFile] = recording!.mediaFiles;
  const second = { ...mediaFile!, mediaId: 'second.mp3' };
  rws.put([{ ...recording!, mediaFiles: [mediaFile!, second] }]);
  const outcome = await pull();
  expect(outcome.segments).toHaveLength(2);
  expect(outcome.next).toMatchObject({ kind: 'again' });
});

it('counts what MCP brought', async () => {
  const { entries, pull, recordings } = await start('queue-call');
  const [recording] = recordings;
  const mediaFile = { ...recording!.mediaFiles[0], mediaId: 'from-mcp.opus' };
  const json = JSON.parse(JSON.stringify(mediaFile)) as JsonValue;
  for (const segment of readMetadata(json, 'mcp').accepted)
    entries.push({ kind: 'segment', segment });
  rws.put([{ ...recording!, mediaFiles: [] }]);
  expect(await pull()).toEqual({ segments: [], next: { kind: 'complete' } });
});

it.each([
  [401, 'rws-unauthorized', 300_000],
  [500, 'rws-unavailable', 5_000],
  ['cut', 'rws-no-answer', 5_000],
] as const)('makes of %s a later try', async (answer, cause, inMs) => {
  const { pull } = await start('queue-call');
  rws.order({ times: 1, answer });
  const next = { kind: 'again', cause, nextTryAtMs: endedAtMs + inMs };
  expect(await pull()).toEqual({ segments: [], next });
});

it('asks about the other calls when one fails, but not when RWS wants to be left alone', async () => {
  const { pull } = await start('consult-transfer');
  await client.contactCenterId();
  const asked = async () => {
    const before = rws.requests.length;
    await pull();
    return rws.requests.length - before;
  };
  rws.order({ route: 'recording', times: 1, answer: 500 });
  expect(await asked()).toBe(2);
  rws.order({ route: 'recording', times: 1, answer: 429, retryAfterSeconds: 9 });
  expect(await asked()).toBe(1);
});

describe('an interaction of many calls', () => {
  const many = (count: number) => {
    const root = 'A'.repeat(32);
    const ids = Array.from({ length: count }, (_, n) => `${'B'.repeat(28)}${1_000 + n}`);
    const events = [root, ...ids].map((callUUID, n) => ({
      ...{ event: 'EventCallCreated', time: new Date(startMs + n).toISOString(), callUUID },
      ...(callUUID === root ? {} : { parentCallUUID: root }),
    }));
    const body = Buffer.from(JSON.stringify(events));
    const entries = readCallEvents(body, 'json').accepted.map((event): LogEntry => ({
      kind: 'event',
      event,
    }));
    return foldInteraction(entries);
  };
  const sourceOf = (recording: (callUUID: string) => Promise<never>) =>
    createRwsSegmentSource({
      ...{ client: { recording }, deadlineMs, logger: silentLogger, random: () => 0 },
    });
  const facts = { attempts: 0, nowMs: endedAtMs, startedAtMs: endedAtMs };

  it('is asked about several at a time, each once', async () => {
    await start('queue-call');
    const asked: string[] = [];
    let running = 0;
    let most = 0;
    const source = sourceOf(async (callUUID) => {
      asked.push(callUUID);
      running += 1;
      most = Math.max(most, running);
      await new Promise((done) => setTimeout(done, 20));
      running -= 1;
      throw Failure.later('rws-not-found');
    });
    await source.pullSegments(many(199), facts);
    expect([asked.length, new Set(asked).size, most]).toEqual([200, 200, 8]);
  });

  it('is not asked about on and on when RWS does not answer, and the next pull begins elsewhere', async () => {
    await start('queue-call');
    const asked: string[] = [];
    const source = sourceOf(async (callUUID) => {
      asked.push(callUUID);
      await Promise.resolve();
      throw Failure.later('rws-no-answer');
    });
    const interaction = many(199);
    await source.pullSegments(interaction, facts);
    const first = asked.splice(0);
    expect(first.length).toBeLessThan(12);
    await source.pullSegments(interaction, { ...facts, attempts: 2 });
    expect(asked.filter((callUUID) => first.includes(callUUID))).toEqual([]);
  });
});
