import fc from 'fast-check';
import { silentLogger } from '@exrec/service-kit';
import { consultCall, event, log, rootCall } from '../../../test/feed/feed.js';
import { loaded, segmentOf } from '../../../test/kept-calls.js';
import { ownCallLog } from '../../../test/own-call-log.js';
import { ordinaryInteraction } from '../../../test/ordinary-interaction.js';
import type { JsonValue } from '../../interaction/index.js';
import { dayMs } from '../call-log-keys.js';
import type { CallLog } from '../call-log.js';
import { InteractionList } from '../interaction-list.js';
import { ArchivePacker } from './archive-packer.js';
import { fromColumns, toColumns } from './columns.js';

const { redis, clock, place, callLog } = ownCallLog();
let calls: CallLog;
let packer: ArchivePacker;

beforeEach(() => {
  clock.nowMs = Math.floor(Date.now() / dayMs) * dayMs;
  calls = callLog({ quietPeriodMs: 1, settleMs: 1, maxInteractionMs: 1 });
  packer = new ArchivePacker({ ...place(), logger: silentLogger });
});

const archives = () => redis().keys('{exrec}:archive:*');
const packs = () => redis().keys('{exrec}:pack:*');

async function archived(count: number): Promise<Awaited<ReturnType<typeof loaded>>[]> {
  const kept = [];
  for (let index = 0; index < count; index += 1) {
    const { callUUID, entries } = ordinaryInteraction(clock.nowMs + index);
    await calls.append(entries);
    await calls.archive(await loaded(calls, callUUID));
    kept.push(await loaded(calls, callUUID));
  }
  return kept;
}

const linked = {
  entries: [
    ...log([
      event('EventCallCreated', 0, { userData: { record: '\u0001 \\u0001 \ud83d\ude00' } }),
      event('EventCallCreated', 1, { callUUID: consultCall, parentCallUUID: rootCall }),
    ]),
    segmentOf(consultCall),
  ],
};

describe('toColumns', () => {
  it('is undone by fromColumns, whatever the values are', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), (values) => {
        const columns = JSON.parse(JSON.stringify(toColumns(values as JsonValue[]))) as ReturnType<
          typeof toColumns
        >;
        expect(JSON.stringify(fromColumns(columns))).toBe(JSON.stringify(values));
      }),
    );
  });
});

describe('packs of finished interactions', () => {
  it('take what was archived on days that are over, and give it back as it was', async () => {
    const before = await archived(300);
    await calls.append(linked.entries);
    await calls.archive(await loaded(calls, rootCall));
    before.push(await loaded(calls, rootCall));
    await packer.run();
    expect(await packs()).toEqual([]);
    clock.nowMs += dayMs + 3_700_000;
    await packer.run();
    expect(await archives()).toEqual([]);
    expect(await packs()).toHaveLength(2);
    for (const kept of before) expect(await loaded(calls, kept.stored.rootCallUUID)).toEqual(kept);
    const listed: string[] = [];
    const list = new InteractionList(place());
    for await (const { callUUIDs } of list.all()) listed.push(...callUUIDs);
    expect(listed.sort()).toEqual(before.map(({ stored }) => stored.rootCallUUID).sort());
  });

  it('know what repeats for 14 days, by each of its calls; what is new is taken, and counts from then on', async () => {
    await calls.append(linked.entries);
    await calls.archive(await loaded(calls, rootCall));
    clock.nowMs += dayMs + 3_700_000;
    await packer.run();
    clock.nowMs += 12.9 * dayMs;
    expect(await calls.append(linked.entries)).toEqual(Array(3).fill('duplicate'));
    expect(await redis().zcard('{exrec}:due')).toBe(0);
    const late = log([event('EventCallDeleted', 9, { callUUID: consultCall })]);
    expect(await calls.append(late)).toEqual(['stored']);
    const reopened = await loaded(calls, consultCall);
    expect(reopened.stored.rootCallUUID).toBe(rootCall);
    expect(reopened.entries).toHaveLength(4);
    expect(await calls.archive(reopened)).toBe(true);
    expect((await loaded(calls, rootCall)).entries).toHaveLength(4);
    expect(await calls.append([...linked.entries, ...late])).toEqual(Array(4).fill('duplicate'));
    // It is listed with its day already.
    expect(await redis().exists(`{exrec}:finished:${Math.floor(clock.nowMs / dayMs)}`)).toBe(0);
  });

  it('last for 14 days', async () => {
    await archived(1);
    clock.nowMs += dayMs + 3_700_000;
    await packer.run();
    const ttls = await Promise.all(
      (await redis().keys('{exrec}:pack*')).map(
        async (key) => [key, await redis().ttl(key)] as const,
      ),
    );
    for (const [key, seconds] of ttls) {
      if (key === '{exrec}:packs') continue;
      const days = (seconds + 3_700) / 86_400;
      expect([key, days >= 13.9, days < 30]).toEqual([key, true, true]);
    }
  });

  it('leave what has changed since it was read, and go on where another instance stopped', async () => {
    const [first, second] = await archived(2);
    const id = first?.stored.rootCallUUID ?? '';
    clock.nowMs += dayMs + 3_700_000;
    await redis().set(`{exrec}:archive:${id}`, 'damaged');
    await packer.run();
    expect(await archives()).toEqual([`{exrec}:archive:${id}`]);
    await packer.run();
    expect(await packs()).toHaveLength(1);
    expect(await loaded(calls, second?.stored.rootCallUUID ?? '')).toEqual(second);
  });

  it('hold what they have when they are damaged, and forget it when they are gone', async () => {
    const [kept] = await archived(1);
    const id = kept?.stored.rootCallUUID ?? '';
    clock.nowMs += dayMs + 3_700_000;
    await packer.run();
    const [pack = ''] = await packs();
    await redis().setrange(pack, 20, 'xxxx');
    await redis().setrange(pack, 0, '\u0001xxxx');
    expect(await loaded(calls, id)).toMatchObject({ held: 'archive-damaged' });
    await redis().del(pack);
    expect(await calls.load(id)).toBeUndefined();
  });
});
