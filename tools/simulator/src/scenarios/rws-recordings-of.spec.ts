import { callIds } from '../mcp/call-ids.js';
import { compileScenario } from './compile-scenario.js';
import { rwsRecordingsOf } from './rws-recordings-of.js';
import { sampleCalls } from './sample-calls.js';

function recordingsOf(name: string) {
  const scenario = sampleCalls().find((candidate) => candidate.name === name)!;
  const startMs = Date.parse('2026-03-02T09:15:00Z');
  const compiled = compileScenario(scenario, { ids: callIds('seed'), startMs });
  return { compiled, recordings: rwsRecordingsOf(compiled) };
}

it('shows the mp3 under the stem of the opus file, with a size of its own', () => {
  const { compiled, recordings } = recordingsOf('two-lines-of-business');
  const files = recordings.flatMap(({ mediaFiles }) => mediaFiles);
  expect(files.map(({ mediaId }) => mediaId.replace('.mp3', '.opus'))).toEqual(
    compiled.segments.map(({ segment }) => segment.mediaId),
  );
  expect(files[0]).toMatchObject({
    type: 'audio/mp3',
    duration: `${compiled.segments[0]!.segment.durationMs}`,
    size: expect.stringMatching(/^\d+$/),
    startTime: '2026-03-02T09:15:28.000+0000',
    parameters: { recordDN: '7105', agentId: 'agent7105' },
  });
});

it('tells the coming and going of agents and the user data over time', () => {
  const { recordings } = recordingsOf('two-lines-of-business');
  const history = recordings[0]!.eventHistory.map((entry) => [
    entry.occurredAt.slice(14, 19),
    entry.event,
    entry.event === 'DataChanged' ? entry.data.language_code : entry.contact.type,
  ]);
  expect(history).toEqual([
    ['15:00', 'Joined', 'External'],
    ['15:00', 'DataChanged', 'de-DE'],
    ['15:25', 'Joined', 'User'],
    ['15:42', 'Left', 'User'],
    ['15:43', 'DataChanged', 'fr-FR'],
    ['16:13', 'Joined', 'User'],
    ['16:26', 'Left', 'User'],
  ]);
});

it('has a recording for each call with audio, a consult call too, and none for an unrecorded one', () => {
  const { compiled, recordings } = recordingsOf('consult-transfer');
  expect(recordings.map(({ id }) => id)).toEqual(compiled.calls.map(({ callUUID }) => callUUID));
  expect(recordingsOf('abandoned').recordings).toEqual([]);
});
