import { event, log, rootCall, segment, stay, visit } from '../../test/feed/feed.js';
import { loaded } from '../../test/kept-calls.js';
import { ownCallLog } from '../../test/own-call-log.js';
import { mediaFile } from '../../test/sample-call.js';
import { conversationIdOf } from '@exrec/gc-metadata';
import { readMetadata } from '../collect/index.js';
import { deliveryText, type DeliveryState } from '../decision/delivery-record.js';
import { attributeSegments, type LogEntry } from '../interaction/index.js';
import type { CallLog } from './call-log.js';
import { dayMs } from './call-log-keys.js';
import { deliveryWrite, interactionOf } from './kept-interaction.js';
import { pinWrite } from './pin-text.js';

const names = { queueParameter: 'queue' };
const { redis, clock, callLog } = ownCallLog();
let calls: CallLog;

beforeEach(() => {
  calls = callLog({ maxEvents: 50 });
});

const storm = (count: number, callUUID = rootCall) =>
  log(
    Array.from({ length: count }, (_, at) =>
      event('EventCallDataChanged', 1 + at / 1000, { callUUID, userData: { n: at } }),
    ),
  );
const stored = async (entries: LogEntry[]) =>
  (await calls.append(entries)).filter((status) => status === 'stored').length;
const consultOf = (callUUID: string, parentCallUUID: string) =>
  log([event('EventCallCreated', 1, { callUUID, parentCallUUID })]);
const uuid = (last: number) => rootCall.slice(0, -4) + String(1_000 + last);

describe('the limits of an interaction', () => {
  it('leave room for every party, queue and call event after a storm of user data', async () => {
    expect(await stored(storm(200))).toBe(50);
    const telling = log([
      event('EventCallCreated', 0),
      ...visit('VQ_Sales', [1, 5], '7105'),
      ...stay('7105', [5, 6, 90]),
      event('EventCallDeleted', 99),
    ]);
    expect(await stored(telling)).toBe(telling.length);
    const interaction = interactionOf(await loaded(calls, rootCall));
    expect(interaction.parties).toMatchObject([{ originationQueue: 'VQ_Sales' }]);
    expect(interaction).toMatchObject({ openCallUUIDs: [], flags: ['event-cap'] });
  });

  it('leave that room when the data are large rather than many', async () => {
    const text = 'x'.repeat(60_000);
    const large = Array.from({ length: 45 }, (_, at) =>
      event('EventCallDataChanged', at, { userData: { text, at } }),
    );
    const many = callLog({ keepMs: dayMs, quietPeriodMs: 1, settleMs: 1, maxInteractionMs: 1 });
    for (let round = 0; round < 4; round += 1)
      await many.append(
        log(
          large.map((one) => ({ ...one, eventId: `${round} ${one.eventId.length} ${one.timeMs}` })),
        ),
      );
    const another = event('EventCallDataChanged', 60, { userData: { text } });
    expect(await many.append(log([another]))).toEqual(['capped']);
    expect(await many.append(log(stay('7105', [5, 6, 90])))).toEqual([
      'stored',
      'stored',
      'stored',
    ]);
  });

  it('count over all its calls, those included that were linked when they had events already', async () => {
    expect(await stored(storm(30))).toBe(30);
    expect(await stored(storm(30, uuid(1)))).toBe(30);
    expect(await calls.append(consultOf(uuid(1), rootCall))).toEqual(['stored']);
    expect(await stored(storm(31, uuid(1)).slice(30))).toBe(0);
    expect(await stored(storm(10, uuid(2)))).toBe(10);
    expect(
      await calls.append([...consultOf(uuid(2), uuid(1)), ...storm(11, uuid(2)).slice(10)]),
    ).toEqual(['stored', 'capped']);
  });

  it('go up with the root when that becomes a consult of another call', async () => {
    await calls.append([...consultOf(uuid(1), rootCall), ...storm(45)]);
    await calls.append(consultOf(rootCall, uuid(2)));
    const total = await redis().hmget(`{exrec}:call:${uuid(2)}`, 'calls', 'events', 'data');
    expect(total).toEqual(['3', '47', '45']);
    expect(await stored(storm(10, uuid(1)))).toBe(3);
  });
});

it('reads a large call in parts, and notices what changes meanwhile', async () => {
  const many = callLog({ keepMs: dayMs, quietPeriodMs: 1, settleMs: 1, maxInteractionMs: 1 });
  const files = Array.from(
    { length: 12 },
    (_, at) =>
      readMetadata(mediaFile(rootCall, String(at), { record: 'x'.repeat(700_000) }), 'mcp')
        .accepted,
  ).flat();
  for (const one of files) await many.append([{ kind: 'segment', segment: one }]);
  await many.append(storm(2_500));
  await redis().config('RESETSTAT');
  const kept = await loaded(many, rootCall);
  expect(kept.entries).toHaveLength(2_512);
  expect(kept.held).toBeUndefined();
  const scans = Number(/cmdstat_hscan:calls=(\d+)/.exec(await redis().info('commandstats'))?.[1]);
  expect(scans).toBeGreaterThan(5);
  const writes = [{ callUUID: rootCall, field: 'x:1', value: '1' }];
  await many.append(log([event('EventCallDeleted', 99)]));
  expect(await many.commit(kept, { writes })).toBe(false);
  expect(await many.commit(await loaded(many, rootCall), { writes })).toBe(true);
});

describe('what was told stays', () => {
  const file = (name: string) => readMetadata(mediaFile(rootCall, name), 'mcp').accepted;
  const entriesOf = (name: string) =>
    file(name).map((one) => ({ kind: 'segment' as const, segment: one }));

  it.each([
    ['queued', 'updated'],
    ['sending', 'duplicate'],
    ['waiting', 'duplicate'],
    ['dispatched', 'duplicate'],
    ['out-of-scope', 'updated'],
  ] as const)('answers metadata that come again changed while %s: %s', async (state, status) => {
    const [entry] = entriesOf('a');
    if (entry === undefined) throw new Error('no entry');
    const { mediaId } = entry.segment;
    await calls.append([entry]);
    const kept = await loaded(calls, rootCall);
    const writes = [deliveryWrite(kept, mediaId, { state, atMs: clock.nowMs })];
    expect(await calls.commit(kept, { writes })).toBe(true);
    const raw = { ...entry.segment.raw, size: '4711' };
    expect(await calls.append([{ ...entry, segment: { ...entry.segment, raw } }])).toEqual([
      status,
    ]);
  });

  it.each([
    ['queued', 1],
    ['sending', 1],
    ['waiting', 1],
    ['out-of-scope', 0],
    ['refused', 0],
    ['dispatched', 0],
  ] as const)(
    'counts a segment that is %s among those on their way: %d',
    async (state: DeliveryState, count) => {
      const [entry] = entriesOf('a');
      await calls.append(entry === undefined ? [] : [entry]);
      const mediaId = entry?.segment.mediaId ?? '';
      for (const next of ['queued', state] as const) {
        const value = deliveryText({ state: next, atMs: clock.nowMs });
        const writes = [{ callUUID: rootCall, field: `d:${mediaId}`, value }];
        await calls.commit(await loaded(calls, rootCall), { writes });
      }
      expect(await redis().zcard('{exrec}:undispatched')).toBe(count);
    },
  );

  it('lasts in the archive, with the links, for recordings that turn up after days', async () => {
    const consult = uuid(1);
    await calls.append([
      ...log([event('EventCallCreated', 0), ...stay('7105', [5, 6, 90])]),
      ...consultOf(consult, rootCall),
      ...log(stay('7200', [31, 32, 60], { callUUID: consult })),
    ]);
    const pins = [
      { callUUID: rootCall, dn: '7105', ordinal: 3, startMs: 5, rootCallUUID: rootCall },
      { callUUID: consult, dn: '7200', ordinal: 2, startMs: 7, rootCallUUID: rootCall },
    ];
    const kept = await loaded(calls, rootCall);
    expect(await calls.commit(kept, { writes: pins.map(pinWrite) })).toBe(true);
    expect(await calls.archive(await loaded(calls, rootCall))).toBe(true);
    clock.nowMs += 4 * dayMs;
    const late = segment('late.opus', [32, 60], { callUUID: consult, recordDN: '7200' });
    const raw = { ...mediaFile(consult, 'late'), parameters: { id: consult, recordDN: '7200' } };
    const [read] = readMetadata(raw, 'mcp').accepted;
    if (read === undefined) throw new Error('not read');
    await calls.append([{ kind: 'segment', segment: read }]);
    const found = await loaded(calls, consult);
    expect(found.stored.rootCallUUID).toBe(rootCall);
    expect(found.pins).toEqual(pins);
    const interaction = interactionOf({
      ...found,
      entries: [...found.entries, { kind: 'segment', segment: late }],
    });
    const ids = attributeSegments(interaction, names).find(
      ({ mediaId }) => mediaId === 'late.opus',
    );
    expect(ids).toMatchObject({
      dn: '7200',
      ordinal: 2,
      conversationId: conversationIdOf(rootCall),
    });
  });
});
