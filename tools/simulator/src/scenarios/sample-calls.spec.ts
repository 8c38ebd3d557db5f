import { audioFixture } from '@exrec/testing';
import type { CallEvent } from '../call-events/call-event.js';
import { callEventsOf } from '../call-events/call-events-of.js';
import { defaultGcConfiguration } from '../gc/organization/default-configuration.js';
import { callIds } from '../mcp/call-ids.js';
import { compileScenario, type PlannedSegment } from './compile-scenario.js';
import {
  agentDns,
  defaultLanguage,
  defaultProgram,
  gcQueues,
  languageKey,
  sampleHybridIntegration,
  trunkDn,
} from './contact-centre.js';
import { sampleCalls } from './sample-calls.js';
import type { ExpectedDecision } from './scenario.js';

const startMs = Date.parse('2026-03-02T09:15:00Z');
const gc = defaultGcConfiguration;
const supportedLanguages = gc.dialects.find(({ engine }) => engine === 'Genesys')?.dialects ?? [];
const compiled = sampleCalls().map((scenario) => {
  const { calls, segments } = compileScenario(scenario, { ids: callIds(scenario.name), startMs });
  return { scenario, calls, segments, events: callEventsOf(calls) };
});
const recordings = compiled.flatMap(({ scenario, segments, events }) =>
  segments.map((planned) => ({ name: scenario.name, scenario, planned, events })),
);

/** docs/design/CONTRACTS.md#5-sta-rules, told a second time and naively: what the events say about this recording. */
function decisionByEvents(
  { segment }: PlannedSegment,
  events: readonly CallEvent[],
): ExpectedDecision | undefined {
  const isTrunk = segment.agentId === undefined;
  const answered = events.findLast(
    (event) =>
      event.callUUID === segment.callUUID &&
      event.thisDN === segment.recordDN &&
      event.partyState === 'established' &&
      Date.parse(event.time) <= segment.startMs,
  );
  if (answered === undefined) return undefined;
  const before = events.filter(({ time }) => time <= answered.time);
  const diverted = before.findLast(({ thirdPartyDN }) => thirdPartyDN === segment.recordDN);
  const queue = diverted?.thisQueue as ExpectedDecision['queue'] | undefined;
  const said = before.findLast(({ userData }) => userData?.[languageKey] !== undefined)?.userData;
  const wanted = String(said?.[languageKey]);
  const language = !isTrunk && supportedLanguages.includes(wanted) ? wanted : defaultLanguage;
  if (queue === undefined || queue === null)
    return { queue: null, sta: { program: defaultProgram, language } };
  if (queue === 'VQ_Partners') return { queue, sta: { reason: 'queue-unknown' } };
  const { program } = gcQueues[queue];
  if (program === null) return { queue, sta: { reason: 'queue-transcription-disabled' } };
  return { queue, sta: { program, language } };
}

it.each(recordings.filter(({ scenario }) => scenario.callEvents?.form !== 'none'))(
  '$name: the events lead to the decision that is expected',
  ({ planned, events }) => {
    const { state: _state, ...expected } = { cause: undefined, ...planned.expected };
    const byEvents = decisionByEvents(planned, events);
    const { cause: _cause, ...decision } = expected;
    expect(byEvents).toMatchObject(decision);
  },
);

it.each(recordings)(
  '$name: the party is on the call for the whole recording',
  ({ scenario, planned, events }) => {
    if (scenario.callEvents?.form === 'none') return;
    const { segment } = planned;
    const toleranceMs = (scenario.mcpAheadSeconds ?? 0) * 1000;
    const ofParty = events.filter(
      ({ callUUID, thisDN }) => callUUID === segment.callUUID && thisDN === segment.recordDN,
    );
    const left = ofParty.find(({ event }) => event === 'EventCallPartyDeleted')!;
    const endMs = segment.startMs + segment.durationMs;
    expect(Date.parse(left.time) + toleranceMs).toBeGreaterThanOrEqual(endMs);
    expect(segment.durationMs).toBe(audioFixture(planned.audio).durationMs());
  },
);

it('has a name of its own for every call', () => {
  const names = sampleCalls().map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBeGreaterThanOrEqual(8);
});

it('knows GC as the simulated organization has it', () => {
  const programOf = (gcQueue: string) => {
    const id = gc.queues.find(({ name }) => name === gcQueue)?.id ?? 'no such queue';
    const mapping = gc.mappings.find(({ queueIds }) => queueIds.includes(id));
    return gc.programs.find((program) => program.id === mapping?.programId && program.published);
  };
  for (const { name, program } of Object.values(gcQueues)) {
    const queue = gc.queues.find((candidate) => candidate.name === name);
    expect(queue).toMatchObject({ enableTranscription: program !== null });
    if (program !== null) expect(programOf(name)).toMatchObject({ name: program });
  }
  const programById = gc.programs.find(({ id }) => id === gc.defaultProgramId);
  expect(programById).toMatchObject({ name: defaultProgram, published: true });
  expect(supportedLanguages).toEqual(expect.arrayContaining(['en-US', 'de-DE', 'fr-FR', 'es-ES']));
  expect(gc.transcription).not.toBe('Disabled');
  const emails = gc.users.map(({ email }) => email);
  const mapped = sampleHybridIntegration().match(/\b\w+@example\.com/g);
  expect(mapped).toHaveLength(Object.keys(agentDns).length - 1);
  for (const email of mapped ?? []) expect(emails).toContain(email);
});

it('uses each language and each cause that the sample run must show', () => {
  const outcomes = recordings.map(({ planned }) => planned.expected);
  const of = (key: 'state' | 'cause' | 'sta') =>
    outcomes.map((outcome) => ({ cause: '', sta: {}, ...outcome })[key]);
  expect(new Set(of('state'))).toEqual(new Set(['delivered', 'failed', 'waiting', 'out-of-scope']));
  expect(of('cause')).toEqual(expect.arrayContaining(['audio-incomplete', 'audio-invalid']));
  for (const language of ['en-US', 'de-DE', 'fr-FR', 'es-ES']) {
    expect(of('sta')).toContainEqual(expect.objectContaining({ language }));
  }
  expect(of('sta')).toContainEqual({ reason: 'queue-transcription-disabled' });
});

it('has two lines of business in two languages on one call', () => {
  const transferred = recordings.filter(({ name }) => name === 'two-lines-of-business');
  expect(transferred.map(({ planned }) => planned.expected)).toMatchObject([
    { queue: 'VQ_TechSupport', sta: { language: 'de-DE' } },
    { queue: 'VQ_Sales', sta: { language: 'fr-FR' } },
  ]);
});

it('records a consult on its own call, and the rest after the transfer on the first', () => {
  const { calls, segments } = compiled.find(
    ({ scenario }) => scenario.name === 'consult-transfer',
  )!;
  const [root, consult] = calls;
  expect(consult).toMatchObject({ callType: 'Consult', parentCallUUID: root.callUUID });
  expect(segments.map(({ segment }) => [segment.callUUID, segment.recordDN])).toEqual([
    [root.callUUID, '7105'],
    [consult!.callUUID, '7201'],
    [root.callUUID, '7201'],
  ]);
});

it('records nothing when the caller gave up, and the trunk without an agent', () => {
  const namesOfRecorded = new Set(recordings.map(({ name }) => name));
  const silent = sampleCalls().filter(({ name }) => !namesOfRecorded.has(name));
  expect(silent.map(({ name }) => name)).toEqual(['abandoned']);
  const trunk = recordings.filter(({ planned }) => planned.segment.agentId === undefined);
  expect(trunk.map(({ planned }) => planned.segment.recordDN)).toEqual([trunkDn]);
});

it('gives the same ids, times and names for the same seed, and other ids for another', () => {
  const [scenario] = sampleCalls();
  const compile = (seed: string) => compileScenario(scenario!, { ids: callIds(seed), startMs });
  expect(compile('a')).toEqual(compile('a'));
  expect(compile('a').calls[0].callUUID).not.toBe(compile('b').calls[0].callUUID);
});

it('writes the hybrid_integration file with everything the samples need', () => {
  expect(sampleHybridIntegration()).toBe(`# The contact centre of the sample calls.
hybrid_integration:
  sta_default_language: en-US
  sta_userdata_language_key: language_code
sync_scope:
  agents: ["agent71*", "agent72*"]
  dns: ["Trunk_SBC1"]
  queues: [VQ_TechSupport, VQ_Sales, VQ_Billing]
queue_map:
  VQ_TechSupport: "Tech Support"
  VQ_Sales: "Sales"
  VQ_Billing: "Billing"
agent_map:
  agent7105: "agent7105@example.com"
  agent7106: "agent7106@example.com"
  agent7107: "agent7107@example.com"
  agent7201: "agent7201@example.com"
`);
});
