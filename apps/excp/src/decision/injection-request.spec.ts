import { at, event, log, rootCall, segment, stay } from '../../test/feed/feed.js';
import { foldInteraction, type CallEvent, type SegmentMetadata } from '../interaction/index.js';
import { rulesOf } from '../rules/rules.js';
import { decideSegment } from './decide.js';

const settings = { STA_DEFAULT_LANGUAGE: undefined, STA_USERDATA_LANGUAGE_KEY: undefined };
const rules = rulesOf({ EXCP_QUEUE_PARAMETER: 'queue', ...settings }, undefined);
const configuration = { snapshot: () => null, userIdOf: () => null };

function requestOf(details: Partial<SegmentMetadata>, events: readonly CallEvent[] = []) {
  const file = segment('a.opus', [6, 40], details);
  const interaction = foldInteraction(log(events, [file]));
  return decideSegment(interaction, file, { rules, configuration }).request;
}

const agent = { recordDN: '7105', agentId: 'agent7105' };
const call = [event('EventCallCreated', 0, { callType: 'Outbound' }), ...stay('7105', [5, 6, 40])];

describe('what EXRP is told about the audio', () => {
  it.each([
    [
      'size and duration of the file that MCP has written',
      { source: 'mcp', sizeBytes: 5_000, durationMs: 34_000.4 },
      { expectedSizeBytes: 5_000, expectedDurationMs: 34_000 },
    ],
    ['no size that nobody knows', { source: 'mcp' }, { expectedDurationMs: 34_000 }],
    ['nothing of the other file that RWS has in mind', { source: 'rws' }, {}],
  ] as const)('is %s', (_name, details, expected) => {
    const { audioFile, metadata, ...told } = requestOf({ ...agent, ...details }, call);
    expect(audioFile).toBe('a.opus');
    expect(metadata.recordedParty).toBe('agent');
    expect(told).toEqual(expected);
  });
});

describe('whose recording it is', () => {
  it.each([
    [
      'an agent of the call events, with login and DN',
      agent,
      call,
      { recordedParty: 'agent', agent: { id: 'agent7105', dn: '7105', userId: null } },
    ],
    [
      'an agent of whom only the metadata tell',
      agent,
      [],
      { recordedParty: 'agent', agent: { id: 'agent7105', dn: '7105', userId: null } },
    ],
    [
      'an agent without a DN in the metadata: none is made up',
      { agentId: 'agent7105' },
      [],
      { recordedParty: 'agent', agent: { id: 'agent7105', dn: null, userId: null } },
    ],
    ['a trunk, which is nobody', {}, [], { recordedParty: 'trunk', agent: null, queue: null }],
  ] as const)('%s', (_name, details, events, expected) => {
    expect(requestOf(details, events).metadata).toMatchObject(expected);
  });
});

it('names times, direction and interaction as the call had them', () => {
  expect(requestOf({ ...agent, ani: '+4930555010' }, call).metadata).toMatchObject({
    ...{ interactionId: rootCall, direction: 'outbound', durationMs: 34_000 },
    ...{ ani: '+4930555010', dnis: null },
    ...{ startTime: new Date(at(6)).toISOString(), endTime: new Date(at(40)).toISOString() },
  });
});

it('says what was doubtful: of the interaction, of the file, and nothing otherwise', () => {
  const file = segment('a.opus', [6, 40], { ...agent, flags: ['stop-unreadable'] });
  const interaction = foldInteraction(log(call, [file]), { flags: ['timed-out'] });
  const { request } = decideSegment(interaction, file, { rules, configuration });
  expect(request.metadata.flags).toEqual(['timed-out', 'stop-unreadable']);
  expect(requestOf(agent, call).metadata).not.toHaveProperty('flags');
});
