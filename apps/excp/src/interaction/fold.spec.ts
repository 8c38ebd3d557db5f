import {
  consultCall,
  at,
  event,
  log,
  rootCall,
  segment,
  stay,
  visit,
} from '../../test/feed/feed.js';
import { foldInteraction } from './fold.js';
import type { Interaction } from './interaction.js';
import { userDataValueAt } from './user-data.js';

const created = event('EventCallCreated', 0, {
  callType: 'Inbound',
  ani: '+4930555010',
  dnis: '8005550100',
});
const deleted = event('EventCallDeleted', 100);
const userDataAt = (interaction: Interaction, atMs: number) => {
  const keys = new Set(interaction.userData.flatMap(({ changes }) => Object.keys(changes)));
  const values = [...keys].map((key) => [key, userDataValueAt(interaction, key, atMs)]);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined)) as object;
};
const customer = stay('+4930555010', [0, 0, 100], { partyType: 'other', agentId: undefined });

describe('foldInteraction', () => {
  it('tells a queue call: parties, states, queue, numbers and end', () => {
    const interaction = foldInteraction(
      log([
        created,
        ...customer,
        ...visit('VQ_Tech', [2, 10], '7105'),
        ...stay('7105', [10, 14, 99]),
        deleted,
      ]),
    );
    expect(interaction).toMatchObject({
      rootCallUUID: rootCall,
      direction: 'inbound',
      ani: '+4930555010',
      dnis: '8005550100',
      startedAtMs: at(0),
      endedAtMs: at(100),
      hasCallEvents: true,
      openCallUUIDs: [],
      flags: [],
      queueVisits: [
        {
          queue: 'VQ_Tech',
          enteredAtMs: at(2),
          leftAtMs: at(10),
          outcome: 'diverted',
          divertedTo: '7105',
        },
      ],
    });
    expect(interaction.parties.find(({ dn }) => dn === '7105')).toEqual({
      callUUID: rootCall,
      dn: '7105',
      ordinal: 1,
      partyType: 'agent',
      agentId: 'agent7105',
      addedAtMs: at(10),
      establishedAtMs: at(14),
      goneAtMs: at(99),
      intervals: [
        { state: 'ringing', fromMs: at(10), toMs: at(14) },
        { state: 'established', fromMs: at(14), toMs: at(99) },
      ],
      deliveredBy: { callUUID: rootCall, queue: 'VQ_Tech', number: 1 },
      originationQueue: 'VQ_Tech',
    });
    expect(interaction.parties[0]).toMatchObject({
      partyType: 'other',
      originationQueue: undefined,
    });
  });

  it('gives each agent of a transfer between lines of business its own queue', () => {
    const { parties } = foldInteraction(
      log([
        created,
        ...visit('VQ_Sales', [1, 5], '7105'),
        ...stay('7105', [5, 6, 40]),
        ...visit('VQ_Tech', [38, 50], '7200'),
        ...stay('7200', [50, 52, 99]),
      ]),
    );
    expect(parties.map(({ dn, originationQueue }) => [dn, originationQueue])).toEqual([
      ['7105', 'VQ_Sales'],
      ['7200', 'VQ_Tech'],
    ]);
  });

  it('joins a consult call, and lets the agent keep its queue after the transfer', () => {
    const onConsult = { callUUID: consultCall };
    const interaction = foldInteraction(
      log([
        event('EventCallCreated', 30, {
          ...onConsult,
          callType: 'Consult',
          parentCallUUID: rootCall,
        }),
        ...visit('VQ_Tech', [31, 35], '7200', onConsult),
        ...stay('7200', [35, 36, 45], onConsult),
        event('EventCallDeleted', 45, onConsult),
        created,
        ...visit('VQ_Sales', [1, 5], '7105'),
        ...stay('7105', [5, 6, 45]),
        ...stay('7200', [45, 45, 99]),
        deleted,
      ]),
    );
    expect(interaction).toMatchObject({
      rootCallUUID: rootCall,
      direction: 'inbound',
      openCallUUIDs: [],
      flags: [],
    });
    expect(interaction.calls.map(({ callUUID }) => callUUID)).toEqual([rootCall, consultCall]);
    expect(interaction.parties.filter(({ dn }) => dn === '7200')).toMatchObject([
      { callUUID: consultCall, ordinal: 1, originationQueue: 'VQ_Tech' },
      { callUUID: rootCall, ordinal: 1, originationQueue: 'VQ_Tech', establishedAtMs: at(45) },
    ]);
  });

  it('knows the root of a consult whose parent has not been heard of, and keeps it open', () => {
    const interaction = foldInteraction(
      log([
        event('EventCallCreated', 30, {
          callUUID: consultCall,
          callType: 'Consult',
          parentCallUUID: rootCall,
        }),
        event('EventCallDeleted', 45, { callUUID: consultCall }),
      ]),
    );
    expect(interaction).toMatchObject({
      rootCallUUID: rootCall,
      openCallUUIDs: [rootCall],
      direction: 'inbound',
    });
  });

  it('goes by the links that were settled, and says so when an event names another parent', () => {
    const entries = log([
      created,
      event('EventCallCreated', 30, { callUUID: consultCall, parentCallUUID: 'elsewhere' }),
    ]);
    const parents = new Map([[consultCall, rootCall]]);
    const interaction = foldInteraction(entries, {
      membership: { rootCallUUID: rootCall, parents },
    });
    expect(interaction).toMatchObject({ rootCallUUID: rootCall, flags: ['several-roots'] });
    expect(interaction.calls).toMatchObject([
      { callUUID: rootCall },
      { callUUID: consultCall, parentCallUUID: rootCall },
    ]);
  });

  it('does not go round in circles when calls name each other as parents', () => {
    const { rootCallUUID } = foldInteraction(
      log([
        event('EventCallCreated', 0, { callUUID: 'B', parentCallUUID: 'C' }),
        event('EventCallCreated', 0, { callUUID: 'C', parentCallUUID: 'B' }),
        event('EventCallCreated', 1, { callUUID: 'D', parentCallUUID: 'D' }),
      ]),
    );
    expect(rootCallUUID).toBe('C');
  });

  it('has both agents of a conference, each with its own stay', () => {
    const { parties } = foldInteraction(
      log([
        created,
        ...stay('7105', [5, 6, 99]),
        ...stay('7200', [30, 32, 60]),
        ...stay('7300', [31, 33, 99]),
        deleted,
      ]),
    );
    expect(parties.map(({ dn, goneAtMs }) => [dn, goneAtMs])).toEqual([
      ['7105', at(99)],
      ['7200', at(60)],
      ['7300', at(99)],
    ]);
  });

  it('gives a direct call no queue, and a trunk never one', () => {
    const { parties } = foldInteraction(
      log([
        created,
        ...visit('VQ_Odd', [0, 1], 'TRUNK1'),
        ...stay('TRUNK1', [0, 2, 99], { partyType: 'trunk', agentId: undefined }),
        ...stay('7105', [5, 6, 99]),
      ]),
    );
    expect(parties.map(({ originationQueue }) => originationQueue)).toEqual([undefined, undefined]);
  });

  it('does not take a queue that was diverted to the agent only long after the answer', () => {
    const { parties } = foldInteraction(
      log([created, ...stay('7105', [5, 6, 99]), ...visit('VQ_Late', [7, 8.001], '7105')]),
    );
    expect(parties[0]?.originationQueue).toBeUndefined();
  });

  it.each([
    ['diverted to nobody', visit('VQ_Tech', [2, 30])],
    ['still waiting when the call is gone', [event('EventQueued', 2, { thisQueue: 'VQ_Tech' })]],
  ])('tells a call abandoned in the queue: %s', (_name, events) => {
    const interaction = foldInteraction(log([created, ...events, event('EventCallDeleted', 30)]));
    expect(interaction.queueVisits).toMatchObject([
      { queue: 'VQ_Tech', enteredAtMs: at(2), leftAtMs: at(30), outcome: 'abandoned' },
    ]);
  });

  it('merges user data of all calls and events by time; null deletes', () => {
    const interaction = foldInteraction(
      log([
        event('EventCallDataChanged', 20, { userData: { language_code: 'de-DE', vip: null } }),
        event('EventCallCreated', 0, { userData: { language_code: 'en-US', vip: 'yes' } }),
        event('EventCallCreated', 10, {
          callUUID: consultCall,
          parentCallUUID: rootCall,
          userData: { topic: 'bill' },
        }),
        event('EventUserEvent', 15, { userData: { participants: ['7105'], mood: 'fine' } }),
      ]),
    );
    expect(userDataAt(interaction, at(9.999))).toEqual({ language_code: 'en-US', vip: 'yes' });
    expect(userDataAt(interaction, at(15))).toEqual({
      language_code: 'en-US',
      vip: 'yes',
      topic: 'bill',
      mood: 'fine',
    });
    const last = { language_code: 'de-DE', topic: 'bill', mood: 'fine' };
    expect(userDataAt(interaction, at(20))).toEqual(last);
    expect(interaction.participants).toEqual(['7105']);
  });

  it.each([
    ['Outbound', 'outbound'],
    ['Internal', 'internal'],
    ['Consult', 'inbound'],
    [undefined, 'inbound'],
  ] as const)('gives a root call of type %s the direction %s', (callType, direction) => {
    expect(foldInteraction(log([event('EventCallCreated', 0, { callType })])).direction).toBe(
      direction,
    );
  });

  it('takes parties, user data and numbers from the segments when there are no call events', () => {
    const joined = {
      kind: 'joined' as const,
      atMs: at(4),
      callUUID: rootCall,
      contactType: 'agent' as const,
      dn: '7105',
      userName: 'a@b',
    };
    const history = [
      joined,
      { ...joined, kind: 'left' as const, atMs: at(60) },
      {
        kind: 'data' as const,
        atMs: at(3),
        callUUID: rootCall,
        userData: { language_code: 'de-DE' },
      },
    ];
    const interaction = foldInteraction(
      log(
        [],
        [
          segment('b.opus', [30, 60], { history }),
          segment('a.opus', [4, 30], { history, ani: '1', dnis: '2', callType: 'Outbound' }),
        ],
      ),
    );
    expect(interaction).toMatchObject({
      hasCallEvents: false,
      rootCallUUID: rootCall,
      ani: '1',
      dnis: '2',
      direction: 'outbound',
      startedAtMs: at(4),
      openCallUUIDs: [],
    });
    expect(interaction.segments.map(({ mediaId }) => mediaId)).toEqual(['a.opus', 'b.opus']);
    expect(interaction.parties).toMatchObject([
      { dn: '7105', ordinal: 1, partyType: 'agent', establishedAtMs: at(4), goneAtMs: at(60) },
    ]);
    expect(userDataAt(interaction, at(4))).toEqual({ language_code: 'de-DE' });
  });

  it('caps a storm, says so, and still knows who was there and that the call is over', () => {
    const storm = Array.from({ length: 500 }, (_, index) =>
      event('EventCallDataChanged', 7 + index / 100, { userData: { index } }),
    );
    const interaction = foldInteraction(
      log([created, ...storm, ...stay('7105', [5, 6, 99]), deleted]),
      { maxEvents: 50 },
    );
    expect(interaction.flags).toEqual(['event-cap']);
    expect(interaction.eventCount).toBe(505);
    expect(interaction.userData).toHaveLength(45);
    expect(interaction.parties).toMatchObject([{ establishedAtMs: at(6), goneAtMs: at(99) }]);
    expect(interaction.openCallUUIDs).toEqual([]);
  });
});
