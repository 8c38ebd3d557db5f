import { communicationIdOf, conversationIdOf } from '@exrec/gc-metadata';
import {
  at,
  consultCall,
  event,
  log,
  rootCall,
  segment,
  stay,
  visit,
} from '../../../test/feed/feed.js';
import type { CallEvent } from '../feed/call-event.js';
import { foldInteraction } from '../fold.js';
import { attributeSegments } from './segments.js';
import type { HistoryEntry, SegmentMetadata } from '../feed/segment-metadata.js';

const names = { queueParameter: 'queue', languageKey: 'language_code' };
const by7105 = { agentId: 'agent7105', recordDN: '7105' };
const by7200 = { agentId: 'agent7200', recordDN: '7200' };
const language = (seconds: number, code: string) =>
  event('EventCallDataChanged', seconds, { userData: { language_code: code } });

function attribute(events: readonly CallEvent[], segments: readonly SegmentMetadata[]) {
  return attributeSegments(
    foldInteraction(log([event('EventCallCreated', 0), ...events], segments)),
    names,
  );
}

describe('attributeSegments with call events', () => {
  it('gives each agent of a transfer its own queue, and the language as it stood when that agent answered', () => {
    const events = [
      language(1, 'de-DE'),
      ...visit('VQ_Sales', [1, 5], '7105'),
      ...stay('7105', [5, 6, 40]),
      language(6, 'fr-FR'),
      language(39, 'en-US'),
      ...visit('VQ_Tech', [38, 50], '7200'),
      ...stay('7200', [50, 52, 99]),
      language(60, 'it-IT'),
    ];
    const told = attribute(events, [
      segment('a.opus', [6, 40], by7105),
      segment('b.opus', [52, 99], by7200),
    ]);
    expect(told).toMatchObject([
      {
        recordedParty: 'agent',
        agentId: 'agent7105',
        dn: '7105',
        ordinal: 1,
        queue: 'VQ_Sales',
        language: 'fr-FR',
        answeredAtMs: at(6),
        ambiguous: false,
        basis: 'call-events',
      },
      {
        recordedParty: 'agent',
        agentId: 'agent7200',
        dn: '7200',
        ordinal: 1,
        queue: 'VQ_Tech',
        language: 'en-US',
        answeredAtMs: at(52),
        ambiguous: false,
      },
    ]);
    expect(told[0]?.communicationId).toBe(communicationIdOf(rootCall, '7105', 1));
    expect(told[0]?.conversationId).toBe(conversationIdOf(rootCall));
  });

  const twice = [...stay('7105', [5, 6, 40]), ...stay('7105', [60, 61, 99])];
  it.each([
    ['the first stay', [6, 40], 1, false],
    ['the second stay', [61, 99], 2, false],
    ['the second stay, by a clock 5 s early', [56, 94], 2, false],
    ['both, the second longer', [20, 99], 2, false],
    ['both, equally long', [20, 80], 1, true],
    ['both, so that a clock difference would decide', [20, 82], 2, true],
    ['4 s after the end of the first', [44, 50], 1, false],
    ['neither, however the clocks differ', [46, 54], 1, true],
  ] as const)(
    'decides between two stays of one agent by the longest overlap: %s',
    (_name, [from, to], ordinal, ambiguous) => {
      const [told] = attribute(twice, [segment('a.opus', [from, to], by7105)]);
      expect(told).toMatchObject({ ordinal, ambiguous });
      expect(told?.candidates.length !== 0).toBe(ambiguous);
    },
  );

  it('records the candidates of an ambiguous segment, the chosen one first', () => {
    const [told] = attribute(twice, [segment('a.opus', [20, 80], by7105)]);
    expect(told?.candidates).toEqual([
      { callUUID: rootCall, dn: '7105', ordinal: 1, overlapMs: 20_000 },
      { callUUID: rootCall, dn: '7105', ordinal: 2, overlapMs: 20_000 },
    ]);
  });

  it.each([
    ['only the agent', { agentId: 'agent7105' }],
    ['only the DN', { recordDN: '7105' }],
    ['the DN in the place of the agent', { agentId: '7105', recordDN: '7105' }],
  ])('finds the party when metadata name %s', (_name, parameters) => {
    const events = [...stay('7105', [5, 6, 40]), ...stay('7200', [5, 6, 40])];
    expect(attribute(events, [segment('a.opus', [6, 40], parameters)])).toMatchObject([
      { recordedParty: 'agent', agentId: 'agent7105', dn: '7105', ambiguous: false },
    ]);
  });

  it('lets the DN stand in for a login that nobody knows', () => {
    const events = stay('7105', [5, 6, 40], { agentId: undefined });
    expect(attribute(events, [segment('a.opus', [6, 40], { recordDN: '7105' })])).toMatchObject([
      { recordedParty: 'agent', agentId: '7105' },
    ]);
  });

  it('takes the DN of the recording where it and the agent are different parties', () => {
    const events = [...stay('7105', [5, 6, 40]), ...stay('7200', [5, 6, 40])];
    expect(
      attribute(events, [segment('a.opus', [6, 40], { agentId: 'agent7105', recordDN: '7200' })]),
    ).toMatchObject([{ dn: '7200' }]);
  });

  it('keeps simultaneous segments of two conference agents and a trunk apart', () => {
    const trunk = stay('TRUNK1', [0, 0, 99], { partyType: 'trunk', agentId: undefined });
    const events = [
      ...trunk,
      language(1, 'de-DE'),
      ...stay('7105', [5, 6, 99]),
      ...stay('7200', [5, 6, 99]),
    ];
    const span = [6, 99] as const;
    const told = attribute(events, [
      segment('1.opus', span, by7105),
      segment('2.opus', span, by7200),
      segment('3.opus', span, { recordDN: 'TRUNK1' }),
      segment('4.opus', span),
      segment('5.opus', span, { recordDN: 'TRUNK1', agentId: 'agent7105' }),
    ]);
    const trunkParty = {
      recordedParty: 'trunk',
      dn: 'TRUNK1',
      agentId: undefined,
      queue: undefined,
      language: undefined,
    };
    expect(told).toMatchObject([
      { dn: '7105', language: 'de-DE' },
      { dn: '7200' },
      trunkParty,
      trunkParty,
      trunkParty,
    ]);
  });

  it('gives one file over consult and transfer to the longer stay, with the queue of the consult', () => {
    const onConsult = { callUUID: consultCall };
    const events = [
      event('EventCallCreated', 30, { ...onConsult, parentCallUUID: rootCall }),
      ...visit('VQ_Tech', [31, 35], '7200', onConsult),
      ...stay('7200', [35, 36, 45], onConsult),
      ...stay('7200', [45, 45, 99]),
      ...stay('7105', [5, 6, 45]),
    ];
    const told = attribute(events, [
      segment('a.opus', [36, 99], { ...by7200, ...onConsult }),
      segment('b.opus', [45, 99], by7200),
      segment('c.opus', [45, 99], { ...by7105, ...onConsult }),
    ]);
    expect(told.map(({ mediaId, callUUID, queue }) => [mediaId, callUUID, queue])).toEqual([
      ['a.opus', rootCall, 'VQ_Tech'],
      ['b.opus', rootCall, 'VQ_Tech'],
      ['c.opus', rootCall, undefined],
    ]);
  });

  it('prefers a presence on a linked call at that time to one that was there only if clocks differ', () => {
    const onConsult = { callUUID: consultCall };
    const events = [
      event('EventCallCreated', 30, { ...onConsult, parentCallUUID: rootCall }),
      ...stay('7105', [5, 6, 40]),
      ...stay('7105', [42, 43, 99], onConsult),
    ];
    const told = attribute(events, [segment('a.opus', [43, 99], by7105)]);
    expect(told).toMatchObject([{ callUUID: consultCall, answeredAtMs: at(43) }]);
  });

  it('still finds the queue of an agent whose party events are missing', () => {
    const events = visit('VQ_Tech', [2, 5], '7105');
    expect(
      attribute(events, [
        segment('a.opus', [6, 40], { ...by7105, parameters: { queue: 'VQ_Other' } }),
      ]),
    ).toMatchObject([
      {
        basis: 'metadata',
        recordedParty: 'agent',
        agentId: 'agent7105',
        dn: '7105',
        ordinal: 1,
        queue: 'VQ_Tech',
      },
    ]);
  });

  it('has no language when the attached data has none, whatever its keys are called', () => {
    const events = stay('7105', [5, 6, 40]);
    const interaction = foldInteraction(log(events, [segment('a.opus', [6, 40], by7105)]));
    for (const languageKey of ['language_code', 'constructor', '__proto__', undefined]) {
      expect(
        attributeSegments(interaction, { ...names, languageKey })[0]?.language,
      ).toBeUndefined();
    }
  });
});

describe('attributeSegments without call events', () => {
  const attributeAlone = (...segments: SegmentMetadata[]) =>
    attributeSegments(foldInteraction(log([], segments)), names);

  it('takes queue and language from the recording parameters, and ordinal 1', () => {
    const parameters = { queue: 'VQ_Tech', language_code: 'de-DE' };
    const twice = [
      segment('a.opus', [6, 40], { ...by7105, parameters }),
      segment('b.opus', [60, 80], { ...by7105, parameters }),
    ];
    const told = {
      recordedParty: 'agent',
      dn: '7105',
      ordinal: 1,
      queue: 'VQ_Tech',
      language: 'de-DE',
      basis: 'metadata',
      ambiguous: false,
    };
    expect(attributeAlone(...twice)).toMatchObject([told, told]);
  });

  it.each([
    ['with its DN', { recordDN: 'TRUNK1' }, 'TRUNK1'],
    ['without one', {}, 'trunk'],
  ])('takes a segment that names no agent for a trunk: %s', (_name, parameters, dn) => {
    expect(
      attributeAlone(
        segment('a.opus', [6, 40], {
          ...parameters,
          parameters: { queue: 'VQ', language_code: 'de-DE' },
        }),
      ),
    ).toMatchObject([
      {
        recordedParty: 'trunk',
        dn,
        ordinal: 1,
        agentId: undefined,
        queue: undefined,
        language: undefined,
      },
    ]);
  });

  it('takes the language of the event history as it stood when the agent joined', () => {
    const entry = { callUUID: rootCall };
    const history: HistoryEntry[] = [
      { ...entry, kind: 'data', atMs: at(1), userData: { language_code: 'de-DE' } },
      {
        ...entry,
        kind: 'joined',
        atMs: at(5),
        contactType: 'agent',
        dn: '7105',
        userName: 'agent@example.com',
      },
      { ...entry, kind: 'data', atMs: at(9), userData: { language_code: 'fr-FR' } },
    ];
    const parameters = { queue: 'VQ_Tech', language_code: 'it-IT' };
    expect(
      attributeAlone(segment('a.opus', [6, 40], { ...by7105, parameters, history })),
    ).toMatchObject([
      {
        basis: 'event-history',
        agentId: 'agent7105',
        language: 'de-DE',
        queue: 'VQ_Tech',
        answeredAtMs: at(5),
      },
    ]);
  });
});
