import { consultCall, event, log, rootCall, segment, stay } from '../../test/feed/feed.js';
import { foldInteraction } from '../interaction/index.js';
import { loaded, segmentOf } from '../../test/kept-calls.js';
import { ownCallLog } from '../../test/own-call-log.js';
import { mediaFile, newCallUUID } from '../../test/sample-call.js';
import { dayMs } from './call-log-keys.js';
import { interactionOf } from './kept-interaction.js';

const { redis, clock, callLog, due } = ownCallLog();

describe('CallLog', () => {
  it('takes each entry once and gives back what was put in', async () => {
    const calls = callLog();
    const entries = [...log(stay('7105', [1, 5, 60])), segmentOf(rootCall)];
    expect(await calls.append(entries)).toEqual(['stored', 'stored', 'stored', 'stored']);
    expect(await calls.append(entries)).toEqual(Array(4).fill('duplicate'));
    const kept = await loaded(calls, rootCall);
    expect(foldInteraction(kept.entries)).toEqual(foldInteraction(entries));
  });

  it('sets the time to look at a call with the entry, and never makes it later', async () => {
    const calls = callLog();
    const dueAt = async () => Number(await redis().zscore('{exrec}:due', rootCall));
    await calls.append(log([event('EventCallCreated', 0)]));
    expect(await dueAt()).toBe(clock.nowMs + dayMs / 2);
    await calls.append([segmentOf(rootCall)]);
    expect(await dueAt()).toBe(clock.nowMs + 30_000);
    await calls.append(log([event('EventCallDeleted', 9)]));
    expect(await dueAt()).toBe(clock.nowMs + 2_000);
    clock.nowMs += 1_000;
    await calls.append([segmentOf(rootCall, 'b')]);
    expect(await dueAt()).toBe(clock.nowMs + 1_000);
    expect(await due()).toEqual([]);
    clock.nowMs += 1_000;
    expect(await due()).toEqual([rootCall]);
  });

  it('has a conversation planned for what tells of it: call events, or anything once the call is over', async () => {
    const calls = callLog({ planInMs: 300 });
    const planned = () => redis().zrange('{exrec}:conversations:due', '0', '-1', 'WITHSCORES');
    await calls.append([segmentOf(rootCall)]);
    expect(await planned()).toEqual([]);
    await calls.append(log([event('EventCallCreated', 0)]));
    expect(await planned()).toEqual([rootCall, `${clock.nowMs + 300}`]);
    await redis().del('{exrec}:conversations:due');
    await calls.append([segmentOf(rootCall, 'b')]);
    expect(await planned()).toEqual([rootCall, `${clock.nowMs + 300}`]);

    const other = newCallUUID();
    await calls.append([segmentOf(other)]);
    const writes = [{ callUUID: other, field: 'endedAtMs', value: `${clock.nowMs}` }];
    await calls.commit(await loaded(calls, other), { writes });
    await redis().del('{exrec}:conversations:due');
    await calls.append([segmentOf(other, 'b')]);
    expect(await planned()).toEqual([other, `${clock.nowMs + 300}`]);
  });

  it.each([
    ['the parent first', [rootCall, consultCall]],
    ['the consult first', [consultCall, rootCall]],
  ])('links a consult call whichever comes first: %s', async (_name, order) => {
    const calls = callLog();
    for (const callUUID of order) {
      const parentCallUUID = callUUID === consultCall ? rootCall : undefined;
      await calls.append(log([event('EventCallCreated', 0, { callUUID, parentCallUUID })]));
    }
    for (const callUUID of order) {
      const kept = await loaded(calls, callUUID);
      expect(kept.stored.calls.map((call) => call.callUUID)).toEqual([rootCall, consultCall]);
    }
  });

  it('does not go round in circles when calls are each other’s parents', async () => {
    const calls = callLog();
    await calls.append(
      log([
        event('EventCallCreated', 0, { parentCallUUID: consultCall }),
        event('EventCallCreated', 0, { callUUID: consultCall, parentCallUUID: rootCall }),
      ]),
    );
    const both = [await loaded(calls, rootCall), await loaded(calls, consultCall)];
    // The first link counts; the one that would close the circle is none.
    expect(both.map((kept) => kept.stored.rootCallUUID)).toEqual([consultCall, consultCall]);
    expect(both.map((kept) => interactionOf(kept).flags)).toEqual([
      ['several-roots'],
      ['several-roots'],
    ]);
  });

  it('voids a decision about what has changed meanwhile, also in a consult call', async () => {
    const calls = callLog();
    const consult = event('EventCallCreated', 1, {
      callUUID: consultCall,
      parentCallUUID: rootCall,
    });
    await calls.append(log([event('EventCallCreated', 0), consult]));
    const kept = await loaded(calls, rootCall);
    await calls.append([segmentOf(consultCall)]);
    const writes = [{ callUUID: rootCall, field: 'endedAtMs', value: '1' }];
    expect(await calls.commit(kept, { nextCheckAtMs: 1, writes })).toBe(false);
    expect((await loaded(calls, rootCall)).stored.calls[0]?.fields.endedAtMs).toBeUndefined();
    expect(await calls.commit(await loaded(calls, rootCall), { nextCheckAtMs: 1, writes })).toBe(
      true,
    );
  });

  it('acknowledges events beyond the cap without keeping them, but keeps how the call began and ended', async () => {
    const calls = callLog({ maxEvents: 50 });
    const storm = Array.from({ length: 3_000 }, (_, second) =>
      event('EventCallDataChanged', second, { userData: { n: second } }),
    );
    const statuses = await calls.append(log(storm));
    expect(statuses.filter((status) => status === 'stored')).toHaveLength(50);
    expect(statuses.filter((status) => status === 'capped')).toHaveLength(2_950);
    expect(await calls.append(log([event('EventCallDeleted', 9_999)]))).toEqual(['stored']);
    const kept = await loaded(calls, rootCall);
    expect(kept.capped).toBe(true);
    expect(foldInteraction(kept.entries).openCallUUIDs).toEqual([]);
  });

  it('never lets RWS replace what MCP has told about a media file', async () => {
    const calls = callLog();
    const fromMcp = segment('m1.opus', [10, 70], { source: 'mcp', raw: rawOf('m1.opus', '1000') });
    const fromRws = segment('m1.opus', [10, 70], { source: 'rws', raw: rawOf('m1.opus', '7') });
    expect(await calls.append(log([], [fromRws]))).toEqual(['stored']);
    expect(await calls.append(log([], [fromMcp]))).toEqual(['updated']);
    expect(await calls.append(log([], [fromRws]))).toEqual(['duplicate']);
    const [entry] = (await loaded(calls, rootCall)).entries;
    expect(entry).toMatchObject({ segment: { source: 'mcp', sizeBytes: 1000 } });
  });

  it.each([
    ['mcp', 'rws'],
    ['rws', 'mcp'],
    ['rws', 'rws'],
  ] as const)('takes the event history of RWS, told by %s and then by %s', async (...sources) => {
    const calls = callLog();
    const contact = { type: 'User', phoneNumber: '7105' };
    const history = [{ occurredAt: '2026-03-02T09:15:01Z', event: 'Joined', contact }];
    const entries = sources.map((source, index) => {
      const isTelling = source === 'rws' && (index === 1 || sources[1] !== 'rws');
      const envelope = { id: rootCall, eventHistory: isTelling ? history : [] };
      const raw = rawOf('m1.opus', source === 'mcp' ? '1000' : '7');
      return segment('m1.opus', [10, 70], { source, raw, envelope });
    });
    for (const [index, entry] of entries.entries()) {
      expect(await calls.append(log([], [entry]))).toEqual([index === 0 ? 'stored' : 'updated']);
    }
    for (const entry of entries.filter(({ source }) => source === 'rws')) {
      expect(await calls.append(log([], [entry]))).toEqual(['duplicate']);
    }
    const isThere = async () => {
      const [entry] = (await loaded(calls, rootCall)).entries;
      const source = sources.find((candidate) => candidate === 'mcp') ?? 'rws';
      expect(entry).toMatchObject({ segment: { source, history: [{ kind: 'joined' }] } });
    };
    await isThere();
    await calls.archive(await loaded(calls, rootCall));
    await isThere();
  });

  it('knows a media file for 14 days, also when nothing else is kept of it and under another call', async () => {
    const calls = callLog();
    const entry = segmentOf(rootCall);
    await calls.append([entry]);
    await calls.archive(await loaded(calls, rootCall));
    clock.nowMs += dayMs;
    expect(await calls.append([entry])).toEqual(['duplicate']);
    for (const key of await redis().keys('{exrec}:archive:*')) await redis().del(key);
    expect(await calls.load(rootCall)).toBeUndefined();
    clock.nowMs += 13 * dayMs - 60_000;
    expect(await calls.append([entry])).toEqual(['duplicate']);
    const other = segmentOf(newCallUUID(), 'x', { mediaId: `${rootCall}_a.opus` });
    expect(await calls.append([other])).toEqual(['duplicate']);
    expect(await calls.load(rootCall)).toBeUndefined();
  });

  it('has everything that comes late looked at at once, for an archived call and one linked after the end', async () => {
    const calls = callLog();
    const later = newCallUUID();
    const link = { callUUID: later, parentCallUUID: rootCall };
    await calls.append([...log([event('EventCallCreated', 0)]), segmentOf(later)]);
    const writes = [{ callUUID: rootCall, field: 'endedAtMs', value: '1' }];
    await calls.commit(await loaded(calls, rootCall), {
      nextCheckAtMs: clock.nowMs + dayMs,
      writes,
    });
    const isCheckedAt = async (callUUID: string) => {
      expect(await due()).toEqual([callUUID]);
      const kept = await loaded(calls, callUUID);
      expect(kept.stored.rootCallUUID).toBe(rootCall);
      expect(await calls.commit(kept, { nextCheckAtMs: clock.nowMs + dayMs })).toBe(true);
      expect(await due()).toEqual([]);
    };
    await calls.append(log([event('EventCallCreated', 1, link)]));
    await isCheckedAt(later);
    await calls.append([segmentOf(later, 'b')]);
    await isCheckedAt(later);
    await calls.archive(await loaded(calls, rootCall));
    for (const callUUID of [later, rootCall]) {
      for (const name of ['c', 'd']) {
        await calls.append([segmentOf(callUUID, name)]);
        await isCheckedAt(callUUID);
      }
    }
  });

  it('finds what comes late below an archived consult call, and what is decided about its segments', async () => {
    const calls = callLog();
    const linked = (callUUID: string, parentCallUUID: string) =>
      log([event('EventCallCreated', 1, { callUUID, parentCallUUID })]);
    await calls.append([...log([event('EventCallCreated', 0)]), ...linked(consultCall, rootCall)]);
    await calls.append([segmentOf(consultCall)]);
    await calls.archive(await loaded(calls, rootCall));
    const furtherCall = newCallUUID();
    await calls.append([...linked(furtherCall, consultCall), segmentOf(furtherCall)]);
    for (const callUUID of [rootCall, consultCall, furtherCall]) {
      const kept = await loaded(calls, callUUID);
      expect(kept.stored.rootCallUUID).toBe(rootCall);
      expect(kept.entries).toHaveLength(5);
    }
    const mediaId = `${consultCall}_a.opus`;
    const writes = [{ callUUID: consultCall, field: `d:${mediaId}`, value: 'queued {"atMs":1}' }];
    expect(await calls.commit(await loaded(calls, furtherCall), { nextCheckAtMs: 1, writes })).toBe(
      true,
    );
    const kept = await loaded(calls, rootCall);
    expect(kept.dispatches.get(mediaId)).toEqual({ state: 'queued', atMs: 1 });
    expect(await calls.archive(kept)).toBe(true);
    for (const key of await redis().keys('{exrec}:call:*'))
      expect(await redis().ttl(key)).toBeGreaterThan(0);
    expect((await loaded(calls, furtherCall)).entries).toHaveLength(5);
  });
});

function rawOf(mediaId: string, size: string) {
  const { startTime, stopTime } = mediaFile(rootCall);
  return { mediaId, callUUID: rootCall, startTime, stopTime, size };
}
