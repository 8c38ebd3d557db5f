import { consultCall, event, log, rootCall, stay } from '../../test/feed/feed.js';
import { interactionSummary, interactionView } from '../http/interaction-view.js';
import { foldInteraction } from '../interaction/index.js';
import { loaded, segmentOf } from '../../test/kept-calls.js';
import { keepMs, ownCallLog } from '../../test/own-call-log.js';
import { newCallUUID } from '../../test/sample-call.js';
import { dayMs } from './call-log-keys.js';

const { redis, clock, callLog, due } = ownCallLog();

describe('the archive of finished interactions', () => {
  it('knows an archived interaction for 14 days by each of its calls: repeats are duplicates and reopen nothing', async () => {
    const calls = callLog();
    const created = { callUUID: consultCall, parentCallUUID: rootCall };
    const below = { callUUID: newCallUUID(), parentCallUUID: consultCall };
    const entries = [
      ...log([
        event('EventCallCreated', 0, { eventId: 'given' }),
        event('EventCallCreated', 1, created),
        event('EventCallCreated', 2, below),
      ]),
      ...[rootCall, consultCall, below.callUUID].map((id) => segmentOf(id)),
    ];
    await calls.append(entries);
    const before = await loaded(calls, rootCall);
    await calls.archive(before);
    clock.nowMs += 14 * dayMs - 60_000;
    expect(await calls.append(entries)).toEqual(Array(6).fill('duplicate'));
    expect(await redis().zcard('{exrec}:due')).toBe(0);
    expect(await redis().zcard('{exrec}:calls')).toBe(0);
    // A late one among those that repeat is taken, and found with the rest.
    const late = log([event('EventCallDeleted', 9, { callUUID: below.callUUID })]);
    expect(await calls.append([...entries.slice(0, 3), ...late])).toEqual([
      ...Array<string>(3).fill('duplicate'),
      'stored',
    ]);
    expect(await due()).toEqual([below.callUUID]);
    const kept = await loaded(calls, below.callUUID);
    expect(kept.stored.rootCallUUID).toBe(rootCall);
    expect(foldInteraction(kept.entries)).toEqual(foldInteraction([...entries, ...late]));
    expect(await redis().ttl(`{exrec}:call:${below.callUUID}`)).toBe(-1);
    expect(await calls.append([...entries, ...late])).toEqual(Array(7).fill('duplicate'));
    for (const key of [`archive:${rootCall}`, `call:${consultCall}`])
      expect(await redis().ttl(`{exrec}:${key}`)).toBeGreaterThan(14 * 86_400 - 60);
  });

  it.each(['cut', 'one bit', 'of a later release', 'empty'])(
    'holds an interaction whose archive is damaged: %s',
    async (damage) => {
      const calls = callLog();
      await calls.append([...log(stay('7105', [1, 5, 60])), segmentOf(rootCall)]);
      await calls.archive(await loaded(calls, rootCall));
      const key = `{exrec}:archive:${rootCall}`;
      const bytes = (await redis().getBuffer(key)) ?? Buffer.alloc(0);
      if (damage === 'one bit') bytes.writeUInt8((bytes[20] ?? 0) ^ 4, 20);
      if (damage === 'of a later release') bytes.writeUInt8(99, 0);
      const end = { cut: bytes.length - 9, empty: 0 }[damage] ?? bytes.length;
      await redis().set(key, bytes.subarray(0, end));
      const kept = await loaded(calls, rootCall);
      expect(kept).toMatchObject({ held: 'archive-damaged', entries: [] });
      expect(interactionView(kept, undefined)).toMatchObject({
        state: 'held',
        interactionId: rootCall,
      });
      expect(interactionSummary(kept)).toMatchObject({ state: 'held', interactionId: rootCall });
      expect(await calls.append([segmentOf(rootCall, 'b')])).toEqual(['stored']);
      expect((await loaded(calls, rootCall)).held).toBe('archive-damaged');
    },
  );

  it('keeps a finished interaction as one text, readable by any of its calls, for some days', async () => {
    const calls = callLog();
    const consult = event('EventCallCreated', 1, {
      callUUID: consultCall,
      parentCallUUID: rootCall,
    });
    await calls.append([...log([event('EventCallCreated', 0), consult]), segmentOf(rootCall)]);
    const before = await loaded(calls, rootCall);
    expect(await calls.archive(before)).toBe(true);
    expect(await redis().hgetall(`{exrec}:call:${rootCall}`)).toEqual({});
    expect(await redis().zcard('{exrec}:due')).toBe(0);
    clock.nowMs += 2 * dayMs;
    for (const callUUID of [rootCall, consultCall]) {
      const kept = await loaded(calls, callUUID);
      expect(kept.stored.rootCallUUID).toBe(rootCall);
      expect(foldInteraction(kept.entries)).toEqual(foldInteraction(before.entries));
    }
    const [key = ''] = await redis().keys('{exrec}:archive:*');
    expect(await redis().ttl(key)).toBeGreaterThan(keepMs / 1000);
  });

  it('has what comes late for an archived call looked at at once, together with what is kept', async () => {
    const calls = callLog();
    const consult = event('EventCallCreated', 1, {
      callUUID: consultCall,
      parentCallUUID: rootCall,
    });
    await calls.append(log([event('EventCallCreated', 0), consult]));
    await calls.archive(await loaded(calls, rootCall));
    clock.nowMs += dayMs;
    await calls.append([segmentOf(consultCall)]);
    expect(await due()).toEqual([consultCall]);
    for (const callUUID of [rootCall, consultCall]) {
      expect((await loaded(calls, callUUID)).entries).toHaveLength(3);
    }
    expect(await calls.archive(await loaded(calls, consultCall))).toBe(true);
    expect((await loaded(calls, rootCall)).entries).toHaveLength(3);
    expect(await redis().ttl(`{exrec}:call:${consultCall}`)).toBeGreaterThan(0);
  });

  it('does not archive what has changed meanwhile', async () => {
    const calls = callLog();
    await calls.append([segmentOf(rootCall)]);
    const kept = await loaded(calls, rootCall);
    await calls.append([segmentOf(rootCall, 'b')]);
    expect(await calls.archive(kept)).toBe(false);
    expect((await loaded(calls, rootCall)).entries).toHaveLength(2);
  });
});
