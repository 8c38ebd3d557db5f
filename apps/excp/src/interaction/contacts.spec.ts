import {
  at,
  consultCall,
  event,
  log,
  rootCall,
  segment,
  stay,
  visit,
} from '../../test/feed/feed.js';
import type { CallEvent } from './feed/call-event.js';
import { foldInteraction } from './fold.js';
import { attributeSegments } from './segments/segments.js';
import type { SegmentMetadata } from './feed/segment-metadata.js';

const created = event('EventCallCreated', 0);
const onConsult = { callUUID: consultCall };
const consult = event('EventCallCreated', 30, { ...onConsult, parentCallUUID: rootCall });
const names = { queueParameter: 'queue', languageKey: 'language_code' };
const party = { thisDN: '7105', partyType: 'agent' as const, agentId: 'agent7105' };
const added = (seconds: number) =>
  event('EventCallPartyAdded', seconds, { ...party, partyState: 'ringing' });
const answered = (seconds: number) =>
  event('EventCallPartyState', seconds, { ...party, partyState: 'established' });
const deleted = (seconds: number) => event('EventCallPartyDeleted', seconds, party);

function partiesOf(...events: readonly CallEvent[]) {
  return foldInteraction(log([created, ...events])).parties;
}

/** For each stay of 7105: call, ordinal, queue of the visit that delivered it, origination queue. */
function queuesOf(...events: readonly CallEvent[]) {
  return partiesOf(...events)
    .filter(({ dn }) => dn === '7105')
    .map(({ callUUID, ordinal, deliveredBy, originationQueue }) => [
      callUUID === rootCall ? 'root' : 'consult',
      ordinal,
      deliveredBy?.queue,
      originationQueue,
    ]);
}

function attributed(events: readonly CallEvent[], ...segments: SegmentMetadata[]) {
  return attributeSegments(foldInteraction(log([created, ...events], segments)), names);
}

describe('the queue through which a call reached an agent', () => {
  const throughSales = [...visit('VQ_Sales', [1, 5], '7105'), ...stay('7105', [5, 6, 40])];
  const onlyRang = [
    ...visit('VQ_Sales', [1, 5], '7105'),
    added(5),
    deleted(15),
    ...stay('7200', [20, 21, 60]),
  ];

  it.each([
    [
      'a transfer back',
      [...throughSales, ...stay('7200', [39, 40, 60]), ...stay('7105', [60, 61, 99])],
    ],
    [
      'a transfer back at once',
      [...throughSales, ...stay('7200', [40, 40.2, 41]), ...stay('7105', [41, 41.5, 99])],
    ],
    ['a direct call after some time', [...throughSales, ...stay('7105', [43, 44, 99])]],
    ['having only rung before', [...onlyRang, ...stay('7105', [60, 61, 99])]],
  ])('is none for a later direct stay: %s', (_name, events) => {
    expect(queuesOf(...events)).toEqual([
      ['root', 1, 'VQ_Sales', 'VQ_Sales'],
      ['root', 2, undefined, undefined],
    ]);
  });

  it("is none for a colleague's consult", () => {
    const asked = stay('7105', [60, 61, 70], onConsult);
    expect(queuesOf(...throughSales, ...stay('7200', [39, 40, 99]), consult, ...asked)).toEqual([
      ['root', 1, 'VQ_Sales', 'VQ_Sales'],
      ['consult', 1, undefined, undefined],
    ]);
  });

  it.each([
    ['at the same instant', 40],
    ['two seconds later', 42],
  ])('stays with a stay that adjoins the former one: %s', (_name, again) => {
    expect(queuesOf(...throughSales, ...stay('7105', [again, again, 99]))).toEqual([
      ['root', 1, 'VQ_Sales', 'VQ_Sales'],
      ['root', 2, undefined, 'VQ_Sales'],
    ]);
  });

  it.each([
    ['by milliseconds', 6.005],
    ['by two seconds', 8],
  ])('is learnt from a diversion that comes after the answer: %s', (_name, divertedAt) => {
    const events = [...visit('VQ_Sales', [1, divertedAt], '7105'), ...stay('7105', [5, 6, 40])];
    expect(queuesOf(...events, ...stay('7105', [60, 61, 99]))).toEqual([
      ['root', 1, 'VQ_Sales', 'VQ_Sales'],
      ['root', 2, undefined, undefined],
    ]);
  });

  it('is that of the queue that diverted last before the answer; the losers go to nobody', () => {
    const events = [
      ...visit('VQ_A', [1, 5], '7105'),
      ...visit('VQ_B', [1, 5.5], '7105'),
      ...visit('VQ_C', [1, 6.005], '7105'),
      ...stay('7105', [5, 6, 40]),
      ...stay('7105', [60, 61, 99]),
    ];
    expect(queuesOf(...events)).toEqual([
      ['root', 1, 'VQ_B', 'VQ_B'],
      ['root', 2, undefined, undefined],
    ]);
  });

  it('is of its own visit each time an agent gets the call from a queue', () => {
    const again = [...visit('VQ_Sales', [40, 45], '7105'), ...stay('7105', [45, 46, 99])];
    const { parties, queueVisits } = foldInteraction(log([created, ...throughSales, ...again]));
    expect(parties.map(({ deliveredBy }) => deliveredBy?.number)).toEqual([1, 2]);
    expect(queueVisits.map(({ number, enteredAtMs }) => [number, enteredAtMs])).toEqual([
      [1, at(1)],
      [2, at(40)],
    ]);
  });

  it('makes an agent of a DN without agentId and type', () => {
    const bare = { agentId: undefined, partyType: undefined };
    const events = [...visit('VQ_Sales', [1, 5], '7105'), ...stay('7105', [5, 6, 40], bare)];
    expect(partiesOf(...events)).toMatchObject([
      { partyType: 'agent', deliveredBy: { number: 1 } },
    ]);
    const [told] = attributed(events, segment('a.opus', [6, 40], { recordDN: '7105' }));
    expect(told).toMatchObject({ recordedParty: 'agent', queue: 'VQ_Sales', agentId: '7105' });
  });

  it('is known of a DN of which there are no party events at all, which is no trunk then', () => {
    const events = visit('VQ_Sales', [1, 5], '7105');
    expect(attributed(events, segment('a.opus', [6, 40], { recordDN: '7105' }))).toMatchObject([
      { recordedParty: 'agent', queue: 'VQ_Sales' },
    ]);
    const unknown = [segment('b.opus', [6, 40], { recordDN: '7999' }), segment('c.opus', [6, 40])];
    const abandoned = visit('VQ_Tech', [1, 2]);
    for (const { recordedParty } of attributed([...events, ...abandoned], ...unknown))
      expect(recordedParty).toBe('trunk');
  });
});

describe('a consult that becomes a transfer', () => {
  const language = (seconds: number, code: string) =>
    event('EventCallDataChanged', seconds, { userData: { language_code: code } });
  const events = [
    ...stay('7200', [5, 6, 45]),
    language(1, 'en-US'),
    consult,
    ...visit('VQ_Tech', [31, 35], '7105', onConsult),
    ...stay('7105', [35, 36, 45.02], onConsult),
    language(40, 'de-DE'),
    ...stay('7105', [45, 45, 99]),
  ];

  it.each([rootCall, consultCall])(
    'has one file of both stays go to the longer, with the language at the answer of the consult: %s',
    (callUUID) => {
      const [told] = attributed(
        events,
        segment('a.opus', [36, 99], { recordDN: '7105', callUUID }),
      );
      expect(told).toMatchObject({
        callUUID: rootCall,
        ordinal: 1,
        queue: 'VQ_Tech',
        language: 'en-US',
        answeredAtMs: at(36),
      });
    },
  );

  it('has a file of the later stay alone take the language as the call was put through', () => {
    const [told] = attributed(events, segment('a.opus', [45, 99], { recordDN: '7105' }));
    expect(told).toMatchObject({ queue: 'VQ_Tech', language: 'de-DE', answeredAtMs: at(45) });
  });

  it('has a file of an agent on two calls go to the one that it names', () => {
    const twoCalls = [
      ...stay('7200', [5, 6, 99]),
      consult,
      ...stay('7200', [31, 31, 44], onConsult),
    ];
    const span = [31, 44] as const;
    const told = attributed(
      twoCalls,
      segment('a.opus', span, { recordDN: '7200', ...onConsult }),
      segment('b.opus', span, { recordDN: '7200' }),
      segment('c.opus', [26, 39], { recordDN: '7200', ...onConsult }),
      segment('d.opus', [6, 99], { recordDN: '7200', ...onConsult }),
    );
    const byFile = told.toSorted((left, right) => (left.mediaId < right.mediaId ? -1 : 1));
    expect(byFile.map(({ callUUID }) => callUUID)).toEqual([
      consultCall,
      rootCall,
      consultCall,
      rootCall,
    ]);
  });
});

describe('events of one time, or a little late', () => {
  const times = (...events: readonly CallEvent[]) =>
    partiesOf(...events).map(({ addedAtMs, establishedAtMs = NaN, goneAtMs = NaN }) =>
      [addedAtMs, establishedAtMs, goneAtMs].map((ms) => (ms - at(0)) / 1000),
    );

  it('makes two presences of a DN that leaves and re-joins in one instant, with the right segment on each', () => {
    const events = [added(5), answered(6), deleted(20), added(20), answered(20), deleted(40)];
    expect(times(...events)).toEqual([
      [5, 6, 20],
      [20, 20, 40],
    ]);
    const told = attributed(
      events,
      segment('a.opus', [6, 20], { recordDN: '7105' }),
      segment('b.opus', [20, 40], { recordDN: '7105' }),
    );
    expect(told.map(({ ordinal }) => ordinal)).toEqual([1, 2]);
  });

  it.each([
    [
      'all of the first stay in one second',
      [
        added(5),
        answered(5),
        deleted(5),
        { ...added(5), eventId: 'second' },
        { ...answered(5), eventId: 'third' },
        deleted(40),
      ],
      [
        [5, 5, 5],
        [5, 5, 40],
      ],
    ],
    ['a party that comes and goes in one second', [added(5), answered(5), deleted(5)], [[5, 5, 5]]],
    ['an answer and the end in one second', [added(5), answered(9), deleted(9)], [[5, 9, 9]]],
  ] as const)(
    'keeps apart what a feed of whole seconds tells at once: %s',
    (_name, events, expected) => {
      expect(times(...events)).toEqual(expected);
    },
  );

  it('makes no ghost of an answer that straggles in after the end', () => {
    expect(times(added(5), deleted(20), answered(21))).toEqual([[5, 20, 20]]);
    expect(times(added(5), answered(6), deleted(20), answered(22))).toEqual([[5, 6, 20]]);
    expect(times(added(5), answered(6), deleted(20), answered(50), deleted(60))).toEqual([
      [5, 6, 20],
      [50, 50, 60],
    ]);
  });

  it('makes two visits of a queue that diverts and is entered again in one instant', () => {
    const place = { thisQueue: 'VQ_Sales' };
    const { queueVisits } = foldInteraction(
      log([
        created,
        event('EventQueued', 1, place),
        event('EventDiverted', 9, { ...place, thirdPartyDN: '7105' }),
        event('EventQueued', 9, place),
      ]),
    );
    expect(queueVisits).toMatchObject([
      { number: 1, outcome: 'diverted', leftAtMs: at(9) },
      { number: 2, outcome: 'waiting', enteredAtMs: at(9) },
    ]);
  });

  it('ends a visit once, although an abandoned call says so twice', () => {
    const place = { thisQueue: 'VQ_Sales' };
    const { queueVisits } = foldInteraction(
      log([
        created,
        event('EventQueued', 1, place),
        event('EventAbandoned', 9, place),
        event('EventDiverted', 9.1, place),
        event('EventCallDeleted', 9.2, { ctrlParty: 'TRUNK1' }),
      ]),
    );
    expect(queueVisits).toMatchObject([{ number: 1, outcome: 'abandoned', leftAtMs: at(9) }]);
  });

  it('tells who released a party and a call', () => {
    const interaction = foldInteraction(
      log([
        created,
        added(5),
        event('EventCallPartyDeleted', 9, { ...party, ctrlParty: '7105' }),
        event('EventCallDeleted', 9, { ctrlParty: '7105' }),
      ]),
    );
    expect(interaction.parties).toMatchObject([{ releasedBy: '7105' }]);
    expect(interaction.calls).toMatchObject([{ releasedBy: '7105' }]);
  });
});
