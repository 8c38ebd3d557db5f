import { communicationIdOf, conversationIdOf, recordingIdOf } from '@exrec/gc-metadata';
import { at, event, log, rootCall, segment, stay, visit } from '../../test/feed/feed.js';
import { foldInteraction, type CallEvent, type Settled } from '../interaction/index.js';
import { deliveryText, readDelivery, type DeliveryRecord } from './delivery-record.js';
import { attemptsOf, newPins, planSegments } from './plan.js';
import { rulesOf } from '../rules/rules.js';

const nowMs = at(200);
const settings = {
  EXCP_QUEUE_PARAMETER: 'queue',
  STA_DEFAULT_LANGUAGE: undefined,
  STA_USERDATA_LANGUAGE_KEY: undefined,
};
const rules = rulesOf(settings, undefined);
const onlySales = { ...rules, syncScope: { agents: [], dns: [], queues: ['VQ_Sales'] } };
const configuration = { snapshot: () => null, userIdOf: (agentId: string) => `user of ${agentId}` };
const facts = { rules, configuration };
const file = segment('a.opus', [61, 99], { recordDN: '7105', agentId: 'agent7105' });
const later = [...visit('VQ_Sales', [50, 60], '7105'), ...stay('7105', [60, 61, 99])];
const earlier = stay('7105', [5, 6, 40]);

const folded = (events: readonly CallEvent[], settled: Settled = {}) =>
  foldInteraction(log([event('EventCallCreated', 0), ...events], [file]), settled);
const queued: DeliveryRecord = { state: 'queued', atMs: at(150) };
const records = (record: DeliveryRecord) => new Map([['a.opus', record]]);

describe('planSegments', () => {
  const plan = (
    record: DeliveryRecord | undefined,
    options: { scope?: typeof rules; again?: boolean } = {},
  ) =>
    planSegments(folded(later), record === undefined ? new Map() : records(record), {
      facts: { rules: options.scope ?? rules, configuration },
      ...{ nowMs, retriesRefused: options.again ?? false },
    })[0];
  const outOfScope = { ...rules, syncScope: { agents: ['nobody'], dns: [], queues: [] } };
  const refused: DeliveryRecord = { state: 'refused', atMs: 1 };
  const told = { callUUID: rootCall, dn: '7105', ordinal: 2 };

  it.each([
    ['queues what is new', undefined, {}, 'queued', true],
    ['leaves what is queued', queued, {}, undefined, true],
    ['puts out of scope', queued, { scope: outOfScope }, 'out-of-scope', false],
    [
      'queues what has come into scope',
      { state: 'out-of-scope', atMs: 1 },
      { scope: onlySales },
      'queued',
      true,
    ],
    [
      'leaves what EXRP has',
      { state: 'dispatched', atMs: 1 },
      { scope: outOfScope },
      undefined,
      false,
    ],
    ['leaves what EXRP has refused', refused, {}, undefined, false],
    ['tries that again when asked to', refused, { again: true }, 'queued', true],
  ] as const)('%s', (_name, record, options, state, isOnItsWay) => {
    const planned = plan(record, options);
    expect([planned?.record?.state, planned?.isOnItsWay]).toEqual([state, isOnItsWay]);
  });

  it('sends on what has been decided, whatever the rules say now, and keeps told ids', () => {
    const [attempt] = attemptsOf(folded(later), records(queued), { facts, nowMs });
    const sending = attempt?.record ?? queued;
    expect(plan(sending, { scope: outOfScope })).toMatchObject({
      record: undefined,
      isOnItsWay: true,
    });
    expect(plan({ ...refused, told }, { again: true })?.record).toMatchObject({ told });
  });
});

describe('attemptsOf', () => {
  it('gives the complete request and the ids that it tells, as data that can be kept', () => {
    const interaction = folded([...earlier, ...later]);
    const attempts = attemptsOf(interaction, records(queued), { facts, nowMs });
    const [attempt] = attempts;
    const record = readDelivery(deliveryText(attempt?.record ?? queued));
    expect(record).toEqual(attempt?.record);
    expect(record).toMatchObject({
      state: 'sending',
      told: { callUUID: rootCall, dn: '7105', ordinal: 2 },
      request: {
        audioFile: 'a.opus',
        metadata: {
          recordingId: recordingIdOf('a.opus'),
          conversationId: conversationIdOf(rootCall),
          communicationId: communicationIdOf(rootCall, '7105', 2),
          queue: { name: 'VQ_Sales' },
          agent: { id: 'agent7105', userId: 'user of agent7105' },
        },
      },
    });
    expect(newPins(interaction, attempts)).toEqual([
      { callUUID: rootCall, dn: '7105', ordinal: 2, startMs: at(60), rootCallUUID: rootCall },
    ]);
  });

  it('decides only about what nobody has decided about', () => {
    const [attempt] = attemptsOf(folded(later), records(queued), { facts, nowMs });
    const again = attemptsOf(folded(later), records(attempt?.record ?? queued), { facts, nowMs });
    expect(again).toEqual([]);
  });

  it('has a segment that is sent once more keep its ids, though its stay has got another number', () => {
    const first = attemptsOf(folded(later), records(queued), { facts, nowMs });
    const { told } = first[0]?.record ?? {};
    if (told === undefined) throw new Error('nothing was told');
    const pins = newPins(folded(later), first);
    const now = folded([...earlier, ...later], { pins, told: new Map([['a.opus', told]]) });
    const second = attemptsOf(now, records({ ...queued, told }), { facts, nowMs });
    expect(second[0]?.record.request).toEqual(first[0]?.record.request);
    expect(newPins(now, second)).toEqual([]);
  });

  it('tells nothing of what is out of scope', () => {
    const outside = {
      rules: { ...rules, syncScope: { agents: [], dns: [], queues: [] } },
      configuration,
    };
    const attempts = attemptsOf(folded(later), records(queued), { facts: outside, nowMs });
    expect(attempts).toMatchObject([{ record: { state: 'out-of-scope' } }]);
    expect(newPins(folded(later), attempts)).toEqual([]);
  });
});
