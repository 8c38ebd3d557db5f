import { recordingIdOf } from '@exrec/gc-metadata';
import { ledgerEntrySchemas, type InteractionEntry, type SegmentEntry } from '@exrec/service-kit';
import { event, log, rootCall, stay, visit } from '../../test/feed/feed.js';
import { loaded, segmentOf } from '../../test/kept-calls.js';
import { ownCallLog } from '../../test/own-call-log.js';
import type { CallLog } from '../call-log/call-log.js';
import { InteractionList } from '../call-log/interaction-list.js';
import { deliveryWrite, interactionOf } from '../call-log/kept-interaction.js';
import { attemptsOf } from '../decision/plan.js';
import { rulesOf } from '../rules/rules.js';
import { tellOfAll } from './ledger-side.js';
import { Teller } from './teller.js';

const stream = '{exrec}:ledger';
const settings = {
  EXCP_QUEUE_PARAMETER: 'queue',
  STA_DEFAULT_LANGUAGE: undefined,
  STA_USERDATA_LANGUAGE_KEY: undefined,
};
const facts = {
  rules: rulesOf(settings, undefined),
  configuration: { snapshot: () => null, userIdOf: () => null },
};

const { redis, place, callLog } = ownCallLog();
let calls: CallLog;

beforeEach(() => {
  const teller = new Teller({ facts: () => facts, programName: () => undefined });
  calls = callLog({ teller });
});

type Data = Partial<SegmentEntry> & Partial<InteractionEntry>;
type Told = {
  readonly kind: string;
  readonly id: string;
  readonly data: Data;
};

/** All entries, as the ledger reads them. */
async function told(): Promise<Told[]> {
  return (await redis().xrange(stream, '-', '+')).map(([, flat]) => {
    const [, , , kind = '', , id = '', , d = ''] = flat;
    const schema = ledgerEntrySchemas[kind as 'segment' | 'interaction'];
    return { kind, id, data: schema.parse(JSON.parse(d)) as Told['data'] };
  });
}

const newly = async (work: () => Promise<unknown>): Promise<Told[]> => {
  const before = await redis().xlen(stream);
  await work();
  return (await told()).slice(before);
};

const entries = [
  ...log([
    event('EventCallCreated', 0),
    ...visit('VQ_TechSupport', [1, 4], '7105'),
    ...stay('7105', [4, 5, 60]),
    event('EventCallDeleted', 61),
  ]),
  segmentOf(rootCall),
];
const mediaId =
  entries.flatMap((entry) => (entry.kind === 'segment' ? [entry.segment.mediaId] : []))[0] ?? '';

const ended = () => [
  { callUUID: rootCall, field: 'endedAtMs', value: String(Date.now()) },
  { callUUID: rootCall, field: 'endedWhy', value: 'calls-deleted' },
];

describe('what the ledger is told by EXCP', () => {
  it('tells of a call and of a media file once, and of nothing else that comes in', async () => {
    const first = await newly(() => calls.append(entries));
    expect(first).toMatchObject([
      { kind: 'segment', id: recordingIdOf(mediaId), data: { mediaId, callUUID: rootCall } },
      { kind: 'interaction', id: rootCall, data: { state: 'open' } },
    ]);
    expect(first[0]?.data.scope).toBeUndefined();
    expect(await newly(() => calls.append(entries))).toEqual([]);
  });

  it('tells of the end, the decision, the sending and the archive in the steps that make them', async () => {
    await calls.append(entries);
    const kept = await loaded(calls, rootCall);
    const queued = deliveryWrite(kept, mediaId, { state: 'queued', atMs: 1 });
    const end = await newly(() => calls.commit(kept, { writes: [...ended(), queued] }));
    expect(end.map(({ kind }) => kind)).toEqual(['interaction', 'segment']);
    expect(end[0]?.data).toMatchObject({
      state: 'ended',
      endedBy: 'calls-deleted',
      agents: expect.arrayContaining(['agent7105']) as unknown,
      queues: ['VQ_TechSupport'],
      segments: 1,
    });
    expect(end[1]?.data).toMatchObject({ queue: 'VQ_TechSupport', dispatch: { state: 'queued' } });

    const open = await loaded(calls, rootCall);
    const [attempt] = attemptsOf(interactionOf(open), open.dispatches, { facts, nowMs: 2 });
    if (attempt === undefined) throw new Error('nothing to send');
    const sending = [deliveryWrite(open, mediaId, attempt.record)];
    const decided = await newly(() => calls.commit(open, { writes: sending }));
    expect(decided).toMatchObject([
      {
        data: {
          scope: { inScope: true, rule: 'no-sync-scope' },
          sta: { requested: false, reason: 'configuration-unavailable' },
          dispatch: { state: 'sending' },
        },
      },
    ]);
    const { decision, record } = attempt;
    const sent = {
      state: 'dispatched',
      atMs: 3,
      attempts: 1,
      decision,
      told: record.told,
    } as const;
    const recorded = await newly(async () =>
      calls.record(await loaded(calls, rootCall), mediaId, sent),
    );
    expect(recorded).toMatchObject([
      {
        data: {
          conversationId: decided[0]?.data.conversationId,
          dispatch: { state: 'dispatched' },
        },
      },
    ]);
    const archived = await newly(async () => calls.archive(await loaded(calls, rootCall)));
    expect(archived).toMatchObject([
      { kind: 'interaction', id: rootCall, data: { state: 'finished' } },
    ]);
  });

  it('tells at last of a leg that Genesys Cloud has refused after the recording was sent', async () => {
    await calls.append(entries);
    await calls.commit(await loaded(calls, rootCall), { writes: ended() });
    await calls.record(await loaded(calls, rootCall), mediaId, { state: 'dispatched', atMs: 1 });
    const open = await loaded(calls, rootCall);
    const agent = interactionOf(open).parties.find(({ dn }) => dn === '7105');
    const startMs = agent?.addedAtMs ?? 0;
    const journal = [
      { callUUID: rootCall, field: 'l:0', value: `${startMs} 1  7105` },
      { callUUID: rootCall, field: 'j:0', value: `refused 0 phoneEstablished ${startMs} ` },
    ];
    await calls.commit(open, { writes: journal });
    const archived = await newly(async () => calls.archive(await loaded(calls, rootCall)));
    expect(archived).toMatchObject([
      { kind: 'interaction', data: { flags: ['conversation-gap'], conversationState: 'gap' } },
      { kind: 'segment', data: { mediaId, flags: ['conversation-gap'] } },
    ]);
  });

  it('tells nothing of a step that was void', async () => {
    await calls.append(entries);
    const stale = await loaded(calls, rootCall);
    await calls.append(log([event('EventCallDataChanged', 30, { userData: { a: 'b' } })]));
    const void_ = await newly(async () => {
      expect(await calls.commit(stale, { writes: ended() })).toBe(false);
      expect(await calls.archive(stale)).toBe(false);
      expect(await calls.tell(stale)).toBe(false);
    });
    expect(void_).toEqual([]);
  });

  it('tells nothing twice of what was sent before', async () => {
    await calls.append(entries);
    const kept = await loaded(calls, rootCall);
    await calls.record(kept, mediaId, { state: 'dispatched', atMs: 1 });
    expect(await newly(() => calls.record(kept, mediaId, { state: 'waiting', atMs: 2 }))).toEqual(
      [],
    );
  });

  it('is not there without a ledger, and made up for when there is one', async () => {
    const without = callLog();
    await without.append(entries);
    const kept = await loaded(without, rootCall);
    await without.commit(kept, { writes: ended() });
    await without.record(await loaded(without, rootCall), mediaId, {
      state: 'dispatched',
      atMs: 1,
    });
    await without.archive(await loaded(without, rootCall));
    expect(await redis().exists(stream)).toBe(0);
    const list = new InteractionList(place());
    expect(await tellOfAll(calls, list)).toBe(1);
    expect(
      (await told()).map(({ kind, data }) => [kind, data.state ?? data.dispatch?.state]),
    ).toEqual([
      ['interaction', 'finished'],
      ['segment', 'dispatched'],
    ]);
    expect(await redis().zcard('{exrec}:due')).toBe(0);
  });
});
