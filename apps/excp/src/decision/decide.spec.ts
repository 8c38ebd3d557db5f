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
import { foldInteraction, type CallEvent } from '../interaction/index.js';
import { rulesOf } from '../rules/rules.js';
import { decideSegment } from './decide.js';

const rules = rulesOf(
  {
    EXCP_QUEUE_PARAMETER: 'queue',
    STA_DEFAULT_LANGUAGE: undefined,
    STA_USERDATA_LANGUAGE_KEY: 'language',
  },
  undefined,
);
const configuration = {
  snapshot: () => null,
  userIdOf: (agentId: string) => (agentId === 'agent7105' ? 'a GC user' : null),
};

/** What is decided about one file of DN 7105 in the midst of these events. */
function decided(
  events: readonly CallEvent[],
  [from, to]: readonly [number, number],
  present = rules,
) {
  const file = segment('a.opus', [from, to], { recordDN: '7105' });
  const interaction = foldInteraction(log([event('EventCallCreated', 0), ...events], [file]));
  return decideSegment(interaction, file, { rules: present, configuration });
}

const sales = visit('VQ_Sales', [1, 5], '7105');
const first = stay('7105', [5, 6, 40]);
const onConsult = { callUUID: consultCall };

describe('the queue of a segment', () => {
  const colleague = stay('7106', [40, 42, 60]);
  const consult = [
    event('EventCallCreated', 30, { ...onConsult, parentCallUUID: rootCall }),
    ...stay('7106', [30, 31, 60], onConsult),
    ...stay('7105', [31, 33, 60], onConsult),
  ];
  const bare = { partyType: undefined, agentId: undefined };
  it.each([
    ['is that through which the agent got the call', [...sales, ...first], [6, 40], 'VQ_Sales'],
    [
      'is none when the call comes back to the agent by a transfer',
      [...sales, ...first, ...colleague, ...stay('7105', [60, 61, 90])],
      [61, 90],
      undefined,
    ],
    [
      "is none for a colleague's consult to that agent",
      [...sales, ...stay('7105', [5, 6, 20]), ...stay('7106', [20, 21, 90]), ...consult],
      [33, 60],
      undefined,
    ],
    [
      'is none for a direct call after the agent has only rung',
      [
        ...sales,
        event('EventCallPartyAdded', 5, { thisDN: '7105', partyState: 'ringing' }),
        event('EventCallPartyDeleted', 9, { thisDN: '7105' }),
        ...stay('7105', [60, 61, 90]),
      ],
      [61, 90],
      undefined,
    ],
    [
      'is given by a diversion some ms after the answer',
      [...visit('VQ_Sales', [1, 6.04], '7105'), ...first],
      [6, 40],
      'VQ_Sales',
    ],
    [
      'is of an agent though the feed names neither login nor type',
      [...sales, ...stay('7105', [5, 6, 40], bare)],
      [6, 40],
      'VQ_Sales',
    ],
  ] as const)('%s', (_rule, events, span, queue) => {
    const { attribution, request } = decided(events, span);
    expect([attribution.recordedParty, attribution.queue]).toEqual(['agent', queue]);
    expect(request.metadata.queue?.name).toBe(queue);
  });
});

it('has one file over consult and transfer belong to the longest overlap, with queue and language of the consult', () => {
  const data = (seconds: number, language: string) =>
    event('EventCallDataChanged', seconds, { ...onConsult, userData: { language } });
  const { attribution } = decided(
    [
      ...stay('7106', [2, 3, 50]),
      event('EventCallCreated', 30, { ...onConsult, parentCallUUID: rootCall }),
      data(31, 'de-DE'),
      ...visit('VQ_Tech', [31, 35], '7105', onConsult),
      ...stay('7105', [35, 36, 50], onConsult),
      ...stay('7105', [50, 50, 200]),
      event('EventCallDataChanged', 49, { userData: { language: 'en-US' } }),
    ],
    [36, 200],
  );
  expect(attribution).toMatchObject({
    ...{ callUUID: rootCall, queue: 'VQ_Tech', language: 'de-DE', answeredAtMs: at(36) },
  });
});

describe('a decision', () => {
  it('goes by the settings that were in force when the agent answered', () => {
    const changedAtMs = at(20);
    const present = {
      ...rules,
      languageSettingsAt: (timeMs: number) => ({
        defaultLanguage: null,
        languageKey: timeMs < changedAtMs ? 'language' : 'other',
      }),
    };
    const data = event('EventCallDataChanged', 2, {
      userData: { language: 'de-DE', other: 'fr-FR' },
    });
    const languageOf = (events: readonly CallEvent[], span: readonly [number, number]) =>
      decided([data, ...events], span, present).attribution.language;
    expect(languageOf(first, [6, 40])).toBe('de-DE');
    expect(languageOf(stay('7105', [30, 31, 40]), [31, 40])).toBe('fr-FR');
  });

  it('names the rule of scope, the reason of analytics and the user of GC', () => {
    const scope = { agents: ['agent71*'], dns: [], queues: [] };
    const { decision } = decided(first, [6, 40], { ...rules, syncScope: scope });
    expect(decision).toMatchObject({
      scope: { inScope: true, rule: 'agents:agent71*' },
      sta: { requested: false, reason: 'configuration-unavailable' },
      gcUserId: 'a GC user',
    });
  });

  it('tells the ids of the presence, with its beginning', () => {
    const { pin } = decided([...first, ...stay('7105', [50, 51, 90])], [51, 90]);
    expect(pin).toEqual({
      ...{ callUUID: rootCall, dn: '7105', ordinal: 2, startMs: at(50), rootCallUUID: rootCall },
    });
  });
});
