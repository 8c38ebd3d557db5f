import {
  createMetrics,
  ledgerEntrySchemas,
  silentLogger,
  type InteractionEntry,
} from '@exrec/service-kit';
import { ownRedis } from '@exrec/service-kit/testing';
import { directory, options } from '../../test/conversations/drive.js';
import { consult, root, t } from '../../test/conversations/feed.js';
import { viaQueue } from '../../test/conversations/scenario.js';
import { loaded } from '../../test/kept-calls.js';
import { CallLog } from '../call-log/call-log.js';
import { conversationMetrics } from '../conversations/metrics/conversation-metrics.js';
import { Planner } from '../conversations/planning/planner.js';
import { ConversationStore } from '../conversations/store/conversation-store.js';
import type { CallEvent } from '../interaction/index.js';
import { rulesOf } from '../rules/rules.js';
import { Teller } from './teller.js';

const prefix = '{exrec}';
const rules = rulesOf(
  {
    EXCP_QUEUE_PARAMETER: 'queue',
    STA_DEFAULT_LANGUAGE: undefined,
    STA_USERDATA_LANGUAGE_KEY: undefined,
  },
  undefined,
);

const redis = ownRedis();
let nowMs: number;
let callLog: CallLog;
let store: ConversationStore;
let planner: Planner;
beforeEach(() => {
  nowMs = t(40);
  const now = () => nowMs;
  const periods = { quietPeriodMs: 30_000, settleMs: 2_000, maxInteractionMs: 12 * 3_600_000 };
  const teller = new Teller({ facts: () => undefined, programName: () => undefined });
  callLog = new CallLog({
    ...{ redis: redis(), prefix, keepMs: 3 * 86_400_000, now, ...periods, planInMs: 0, teller },
    maxEvents: 20,
  });
  store = new ConversationStore({ redis: redis(), prefix, now, teller });
  planner = new Planner({
    ...{ callLog, store, logger: silentLogger, now },
    metrics: conversationMetrics(createMetrics('excp')),
    rules: { current: () => rules },
    directory: () => directory,
    options: () => options,
    gcNowMs: () => undefined,
  });
});

const take = (...events: readonly CallEvent[]) =>
  callLog.append(events.map((event) => ({ kind: 'event' as const, event })));

/** What the ledger was told since it was asked last. */
async function told(): Promise<(Pick<InteractionEntry, 'state'> & { readonly id: string })[]> {
  const entries = await redis().xrange(`${prefix}:ledger`, '-', '+');
  await redis().del(`${prefix}:ledger`);
  return entries.map(([, [, , , , , id = '', , data = '']]) => ({
    id,
    ...ledgerEntrySchemas.interaction.parse(JSON.parse(data)),
  }));
}

/** Genesys Cloud answers all that waits for it. */
async function answer(state: 'taken' | 'refused'): Promise<void> {
  const [sent = []] = await store.heads([root], 100);
  const entries = sent.map(({ json: _json, ...event }) => ({ ...event, state }));
  const planAgain = state === 'refused';
  await store.settle({
    ...{ conversation: root, sent, back: [], entries, readyAtMs: nowMs, planAgain },
  });
}

const [first, ...rest] = viaQueue;
const further = (key: string): CallEvent => ({
  ...{ eventId: key, event: 'EventCallDataChanged', timeMs: nowMs, callUUID: root },
  userData: { [key]: 'x' },
});

it('tells of a call with the first that is heard of it, and of nothing that changes nothing', async () => {
  if (first === undefined) throw new Error('no call');
  await take({ ...first, ani: '+4930555010' });
  expect(await told()).toMatchObject([
    { id: root, state: 'open', startMs: first.timeMs, ani: '+4930555010', callUUIDs: [root] },
  ]);
  await take(...rest);
  await take(...viaQueue);
  expect(await told()).toEqual([]);
});

it('tells that a conversation has begun, and later only when it stands otherwise', async () => {
  await take(...viaQueue);
  await told();
  await planner.plan(root);
  expect(await told()).toMatchObject([
    { state: 'open', conversationState: 'open', agents: [expect.any(String)] },
  ]);
  await answer('taken');
  nowMs += 1_000;
  await take(further('a'));
  await planner.plan(root);
  expect(await told()).toEqual([]);
});

it('tells of a leg that Genesys Cloud has refused while the call goes on', async () => {
  await take(...viaQueue);
  await planner.plan(root);
  await told();
  await answer('refused');
  expect(await redis().zscore(`${prefix}:conversations:due`, root)).toBe(String(nowMs));
  await planner.plan(root);
  expect(await told()).toMatchObject([
    { state: 'open', conversationState: 'gap', flags: ['conversation-gap'] },
  ]);
  await planner.plan(root);
  expect(await told()).toEqual([]);
});

it('tells that events are left out, as soon as somebody looks, which is at once', async () => {
  await take(...viaQueue, ...Array.from({ length: 40 }, (_, index) => further(`k${index}`)));
  expect(Number(await redis().zscore(`${prefix}:due`, root))).toBe(nowMs);
  await told();
  const look = async () => callLog.commit(await loaded(callLog, root), { nextCheckAtMs: t(99) });
  await look();
  expect(await told()).toMatchObject([{ state: 'open', flags: ['event-cap'] }]);
  await look();
  expect(await told()).toEqual([]);
});

it('tells of a consult call with its root alone, also when the link comes late', async () => {
  if (first === undefined) throw new Error('no call');
  await take(...viaQueue);
  const state = { callUUID: consult, timeMs: t(30), thisDN: '7201', partyType: 'agent' } as const;
  const created = { ...first, eventId: 'c', callUUID: consult, callType: 'Consult' } as const;
  await take({ ...created, parentCallUUID: root });
  expect((await told()).map(({ id }) => id)).toEqual([root]);
  await redis().del(`${prefix}:call:${consult}`);
  await take({ ...state, eventId: 's', event: 'EventCallPartyAdded', partyState: 'ringing' });
  expect(await told()).toMatchObject([{ id: consult, state: 'open' }]);
  await take({ ...created, parentCallUUID: root });
  expect(await told()).toMatchObject([{ id: consult, state: 'joined', callUUIDs: [] }]);
});

it('tells of the end, of a conversation that is complete after it, and of all that comes later', async () => {
  await take(...viaQueue);
  await planner.plan(root);
  await told();
  const writes = [
    { callUUID: root, field: 'endedAtMs', value: String(nowMs) },
    { callUUID: root, field: 'endedWhy', value: 'admin' },
  ];
  await callLog.commit(await loaded(callLog, root), { writes });
  const look = async () => callLog.commit(await loaded(callLog, root), { nextCheckAtMs: t(99) });
  expect(await told()).toMatchObject([{ state: 'finished', conversationState: 'open' }]);
  await answer('taken');
  await look();
  expect(await told()).toMatchObject([{ state: 'finished', conversationState: 'complete' }]);
  await take({ ...further('late'), event: 'EventQueued', thisDN: 'VQ_Late', thisQueue: 'VQ_Late' });
  await look();
  expect(await told()).toMatchObject([{ queues: expect.arrayContaining(['VQ_Late']) as unknown }]);
  await callLog.archive(await loaded(callLog, root));
  expect(await told()).toEqual([]);
});
