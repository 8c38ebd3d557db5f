import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { callEventsOf, compileScenario, sampleCalls } from '@exrec/simulator';
import { workspaceRoot } from '@exrec/testing';
import { readFeed } from '../src/bridge/read-feed.js';
import { judge } from '../src/bridge/verdict.js';
import { runExrec, startExrec } from './run-exrec.js';

const examples = join(workspaceRoot(), 'examples');
const feed = join(examples, 'bridge-feed.ndjson');
const rules = join(examples, 'hybrid-integration.yaml');
const first = '02AB00000000000000000000000000A1';

type Fields = Record<string, unknown>;
type Document = Fields & {
  remarks: Fields[];
  conversations: (Fields & { remarks: Fields[] })[];
};
const events = async (): Promise<Fields[]> =>
  (await readFile(feed, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Fields);
const ofFirst = async () => (await events()).filter(({ callUUID }) => callUUID === first);

async function check(feedItems: readonly Fields[], ...args: readonly string[]) {
  const input = feedItems.map((item) => JSON.stringify(item)).join('\n');
  const ended = await runExrec(['bridge', 'check', '-', ...args, '--json'], { input });
  const document = JSON.parse(ended.stdout) as Document;
  const texts = [...document.remarks, ...document.conversations.flatMap((one) => one.remarks)];
  return {
    code: ended.code,
    document,
    texts: texts.map(({ level, text }) => `${String(level)}: ${String(text)}`),
  };
}

it('tells the example as one would read it aloud, and finds nothing wrong', async () => {
  const { code, stdout } = await startExrec(['bridge', 'check', feed, '--config', rules]);
  expect(code).toBe(0);
  for (const words of [
    `Call ${first}  inbound, 1 call, 14 events`,
    '09:15:03.000  VQ_TechSupport sends it to agent7105',
    '09:16:00.000  agent7105 (7105) puts the call on hold',
    '09:18:00.010  Trunk_SBC1 hangs up',
    'a recording of agent7105 would go up through VQ_TechSupport, language de-DE',
    'agent7105 (user) in 9 events',
    '09:20:41.000  the call is given up in VQ_Sales',
    '09:31:04.000  agent7201 (7201), on the consult, joins',
    '3 conversations of 36 events: nothing is missing, nothing contradicts itself',
  ])
    expect(stdout).toContain(words);
});

it('says the same of an array, of one object a line, and of what comes twice', async () => {
  const all = await events();
  const asArray = await startExrec(['bridge', 'check', '-', '--json'], {
    input: JSON.stringify([...all, ...all], null, 2),
  });
  const twice = JSON.parse(asArray.stdout);
  const { document: once } = await check(all);
  expect(twice).toEqual({ ...once, events: 72, duplicates: 36 });
  expect(once.fine).toBe(true);
});

const without = (name: string) => async () =>
  (await ofFirst()).filter(({ event }) => event !== name);
const changed = (name: string, change: (event: Fields) => Fields) => async () =>
  (await ofFirst()).map((event) => (event.event === name ? change(event) : event));
const more = (event: Fields) => async () => [
  ...(await ofFirst()),
  { time: '2026-03-02T09:16:30.000Z', callUUID: first, thisDN: '7105', ...event },
];

it.each<[string, () => Promise<Fields[]>]>([
  ['no EventCallCreated', without('EventCallCreated')],
  ['no EventCallDeleted', without('EventCallDeleted')],
  [
    'EventCallCreated has no callType',
    changed('EventCallCreated', ({ callType: _, ...rest }) => rest),
  ],
  ['EventCallCreated has no ani', changed('EventCallCreated', ({ ani: _, ...rest }) => rest)],
  ['no EventQueued of VQ_TechSupport', without('EventQueued')],
  ['neither EventDiverted nor EventAbandoned', without('EventDiverted')],
  ['no EventCallPartyAdded of 7105', without('EventCallPartyAdded')],
  ['no EventCallPartyDeleted of 7105', without('EventCallPartyDeleted')],
  [
    'does not say whom it was diverted to',
    changed('EventDiverted', ({ thirdPartyDN: _, ...rest }) => rest),
  ],
  [
    'agent at 7105 without agentId',
    async () => (await ofFirst()).map(({ agentId: _, ...rest }) => rest),
  ],
  ['7105 has no partyType', async () => (await ofFirst()).map(({ partyType: _, ...rest }) => rest)],
  ['no trunk party', async () => (await ofFirst()).filter(({ thisDN }) => thisDN !== 'Trunk_SBC1')],
  [
    'a consult without parentCallUUID',
    async () => (await events()).map(({ parentCallUUID: _, ...rest }) => rest),
  ],
  [
    'it is only named as a parent',
    changed('EventCallCreated', (event) => ({
      ...event,
      callType: 'Consult',
      parentCallUUID: 'ELSEWHERE',
    })),
  ],
  [
    'events have times without milliseconds',
    async () =>
      (await ofFirst()).map((event) => ({
        ...event,
        time: String(event.time).replace(/\.\d+/, ''),
      })),
  ],
])('misses: %s', async (words, feedItems) => {
  const { code, texts } = await check(await feedItems());
  expect(code).toBe(1);
  expect(texts).toContainEqual(expect.stringMatching(new RegExp(`^missing: .*${words}`)));
});

it.each<[string, () => Promise<Fields[]>]>([
  [
    'EventCallPartyState of 7105 10 s after EventCallDeleted',
    more({ event: 'EventCallPartyState', partyState: 'held', time: '2026-03-02T09:18:10.020Z' }),
  ],
  [
    'EventCallPartyAdded of 9 60 s before EventCallCreated',
    more({ event: 'EventCallPartyAdded', thisDN: '9', time: '2026-03-02T09:14:00.000Z' }),
  ],
  [
    'a second EventCallCreated with another ani',
    more({
      event: 'EventCallCreated',
      callType: 'Inbound',
      ani: '+15555550199',
      dnis: '8005550100',
    }),
  ],
  [
    'parentCallUUID is the call itself',
    more({ event: 'EventUserEvent', parentCallUUID: first, userData: {} }),
  ],
  [
    '7105 has another agentId',
    more({ event: 'EventCallPartyState', partyState: 'held', agentId: 'agent7106' }),
  ],
  [
    '7105 is added while it is there',
    more({ event: 'EventCallPartyAdded', partyState: 'ringing' }),
  ],
  [
    '7105 rings after it has answered',
    more({ event: 'EventCallPartyState', partyState: 'ringing' }),
  ],
  ['7105 leaves, and had left before', more({ event: 'EventCallPartyDeleted' })],
  [
    '7105 is established after it has left',
    more({
      event: 'EventCallPartyState',
      partyState: 'established',
      time: '2026-03-02T09:18:00.015Z',
    }),
  ],
  [
    '7105 holds a call that it has not answered',
    async () => (await ofFirst()).filter(({ partyState }) => partyState !== 'established'),
  ],
  [
    'VQ_TechSupport diverts to agent7105, which never is on the call',
    changed('EventDiverted', (event) => ({ ...event, thirdPartyDN: 'agent7105' })),
  ],
  [
    'two different events have one eventId',
    async () => (await ofFirst()).map((event) => ({ ...event, eventId: '1' })),
  ],
  [
    '14 events have the field thisDn, which is left out',
    async () => (await ofFirst()).map((event) => ({ ...event, thisDn: '7105' })),
  ],
  [
    '14 events are of the future',
    async () =>
      (await ofFirst()).map((event) => ({
        ...event,
        time: String(event.time).replace('2026', '2096'),
      })),
  ],
])('finds contradictory: %s', async (words, feedItems) => {
  const { code, texts } = await check(await feedItems());
  expect(code).toBe(1);
  expect(texts).toContainEqual(expect.stringMatching(new RegExp(`^contradiction: .*${words}`)));
});

it('names each event that EXCP would refuse, with its line and what to post instead', async () => {
  const input = [
    JSON.stringify((await events())[0]),
    '',
    '{"event":"EventRinging","time":"2026-03-02T09:15:03.000Z","callUUID":"A"}',
    '{"event":"EventCallCreated","time":"yesterday","callUUID":"A"}',
    '{"event":',
  ].join('\n');
  const { code, stdout } = await runExrec(['bridge', 'check', '-'], { input });
  expect(code).toBe(1);
  expect(stdout).toContain(
    'event 3 is refused: EventRinging is posted as EventCallPartyAdded with partyState ringing',
  );
  expect(stdout).toContain('event 4 is refused: time is not a valid value');
  expect(stdout).toContain('event 5 is refused: is not JSON');
  expect(stdout).toContain('1 event, 3 refused');
});

it('says what a language that comes too late means, and which calls are told of nothing', async () => {
  const late = (await ofFirst()).map(({ userData, ...event }) =>
    event.event === 'EventCallDataChanged'
      ? { ...event, userData: { language_code: 'de-DE' } }
      : { ...event, ...(event.event === 'EventCallCreated' ? {} : { userData }) },
  );
  const inScope = await check(late, '--config', rules);
  expect(inScope.texts).toContain('missing: language_code comes 15 s after agent7105 has answered');
  const renamed = (event: Fields) =>
    JSON.stringify(event).replaceAll('7105', '9901').replaceAll('VQ_Tech', 'VQ_Other');
  const others = (await ofFirst()).map((event) => JSON.parse(renamed(event)) as Fields);
  expect((await check(others, '--config', rules)).document.conversations[0]?.told).toBe(false);
});

it('shows of many conversations those about which there is something to say', async () => {
  const many = Array.from({ length: 25 }, (_, index) => `${index}`.padStart(2, '0')).flatMap(
    (number) => eventsNamed(number, number === '07'),
  );
  const input = many.map((item) => JSON.stringify(item)).join('\n');
  const { stdout } = await runExrec(['bridge', 'check', '-'], { input });
  expect(stdout.match(/^Call /gm)).toHaveLength(1);
  expect(stdout).toContain('and 24 conversations without a remark: --all shows them');
  expect(
    (await runExrec(['bridge', 'check', '-', '--all'], { input })).stdout.match(/^Call /gm),
  ).toHaveLength(25);
});

function eventsNamed(callUUID: string, isOpen: boolean): Fields[] {
  const at = (second: number) => `2026-03-02T09:15:0${second}.001Z`;
  const trunk = { callUUID, thisDN: 'Trunk_SBC1', partyType: 'trunk' };
  return [
    { event: 'EventCallCreated', time: at(0), callUUID, callType: 'Inbound', ani: '1', dnis: '2' },
    { event: 'EventCallPartyAdded', time: at(0), ...trunk, partyState: 'established' },
    { event: 'EventCallPartyDeleted', time: at(5), ...trunk },
    ...(isOpen ? [] : [{ event: 'EventCallDeleted', time: at(5), callUUID }]),
  ];
}

it.each(sampleCalls().map((scenario) => [scenario.name, scenario] as const))(
  'finds nothing wrong with what the switch tells of %s',
  (_name, scenario) => {
    let number = 0;
    const word = (length: number) => `${(number += 1)}`.padStart(length, 'A');
    const ids = { callUUID: () => word(32), connID: () => word(16), gvpId: () => '00A1B2C3' };
    const startMs = Date.parse('2026-03-02T09:15:00.120Z');
    const { calls } = compileScenario(scenario, { ids, startMs });
    const verdict = judge(readFeed(Buffer.from(JSON.stringify(callEventsOf(calls)))), {
      rules: undefined,
      nowMs: startMs + 86_400_000,
    });
    const found = verdict.conversations.flatMap(({ remarks }) => remarks);
    expect(found.filter(({ level }) => level !== 'note')).toEqual([]);
  },
);
