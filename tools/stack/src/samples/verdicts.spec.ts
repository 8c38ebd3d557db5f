import type { ExpectedOutcome } from '@exrec/simulator';
import {
  followed,
  real,
  receivedMetadata,
  receivedRecording,
  simulated,
  throughSales,
} from '../../test/sample.js';
import { isSettled, verdictOf, type FollowedRecording } from './verdicts.js';

const delivered: ExpectedOutcome = { state: 'delivered', ...throughSales };
const cutShort: ExpectedOutcome = { state: 'waiting', cause: 'audio-incomplete', ...throughSales };
const invalid: ExpectedOutcome = { state: 'failed', cause: 'audio-invalid', ...throughSales };
const confirmed = { state: 'confirmed', cause: null };
const metadata = receivedMetadata(receivedRecording().recordingId);

it.each<[string, FollowedRecording]>([
  ['a confirmed one', followed(delivered, confirmed, receivedRecording())],
  [
    'an uploaded one',
    followed(delivered, { ...confirmed, state: 'uploaded' }, receivedRecording()),
  ],
  [
    'one that waits as it must',
    followed(cutShort, { state: 'waiting', cause: 'audio-incomplete' }),
  ],
  ['one that failed as it must', followed(invalid, { state: 'failed', cause: 'audio-invalid' })],
  [
    'one out of scope',
    {
      ...followed({ state: 'out-of-scope', queue: 'VQ_Partners' }, confirmed),
      seen: {
        segment: {
          state: 'out-of-scope',
          decision: { queue: 'VQ_Partners', sta: { reason: 'queue-unknown' } },
        },
      },
    },
  ],
])('finds nothing wrong with %s', (_name, recording) => {
  expect(verdictOf(recording, simulated)).toMatchObject({ verified: true, problems: [] });
  expect(isSettled(recording.played, recording.seen, false)).toBe(true);
});

const wrongSta = { requested: false, reason: 'no-program' } as const;
it.each<[string, FollowedRecording, string]>([
  [
    'a good one that failed',
    followed(delivered, { state: 'failed', cause: 'gc-rejected' }),
    'expected confirmed, found failed: gc-rejected',
  ],
  [
    'a bad one that was sent',
    followed(invalid, confirmed, receivedRecording()),
    'expected failed: audio-invalid, found confirmed',
  ],
  [
    'another cause',
    followed(cutShort, { state: 'waiting', cause: 'no-key' }),
    'expected waiting: audio-incomplete, found waiting: no-key',
  ],
  ['an upload that GC never saw', followed(delivered, confirmed), 'Genesys Cloud never got it'],
  [
    'a ZIP that does not open',
    followed(
      delivered,
      confirmed,
      receivedRecording({ verdict: { ok: false, problems: ['zip: broken'] } }),
    ),
    'zip: broken',
  ],
  [
    'a ZIP that nobody opened',
    followed(delivered, confirmed, receivedRecording({ verdict: null })),
    'Genesys Cloud has not opened it',
  ],
  [
    'other audio',
    followed(
      delivered,
      confirmed,
      receivedRecording({ audio: { sizeBytes: 1_000, sha256: 'ef'.repeat(32) } }),
    ),
    'audio: not byte for byte the recorded',
  ],
  [
    'two uploads',
    followed(delivered, confirmed, receivedRecording({ uploads: 2 })),
    'uploaded 2 times',
  ],
  [
    'another queue',
    followed(delivered, confirmed, receivedRecording({ metadata: { ...metadata, queue: null } })),
    'queue: expected VQ_Sales, found none',
  ],
  [
    'another language',
    followed(
      { ...delivered, sta: { program: 'Sales quality', language: 'fr-FR' } },
      confirmed,
      receivedRecording(),
    ),
    'language: expected fr-FR, found de-DE',
  ],
  [
    'another program',
    followed(
      { ...delivered, sta: { program: 'All calls', language: 'de-DE' } },
      confirmed,
      receivedRecording(),
    ),
    'program: expected All calls, found Sales quality',
  ],
  [
    'no transcription',
    followed(
      delivered,
      confirmed,
      receivedRecording({ metadata: { ...metadata, speechAndTextAnalytics: wrongSta } }),
    ),
    'reason: expected none, found no-program',
  ],
  [
    'another agent',
    followed(delivered, confirmed, receivedRecording({ metadata: { ...metadata, agent: null } })),
    'metadata: the agent is not that of the call',
  ],
  [
    'another caller',
    followed(delivered, confirmed, receivedRecording({ metadata: { ...metadata, ani: '7106' } })),
    'metadata: the caller is not that of the call',
  ],
  [
    'another length',
    followed(
      delivered,
      confirmed,
      receivedRecording({ metadata: { ...metadata, durationMs: 9_000 } }),
    ),
    'metadata: the duration is not that of the recording',
  ],
  ...(
    [
      ['no conversation', undefined, 'Genesys Cloud was told nothing of it'],
      [
        'a leg that is open',
        { legs: 2, missing: ['user Ann has not ended'], hasLeg: true },
        'user Ann has not ended',
      ],
      [
        'a conversation without its leg',
        { legs: 2, missing: [], hasLeg: false },
        'it has no leg of this recording',
      ],
    ] as const
  ).map(([name, conversation, problem]): [string, FollowedRecording, string] => {
    const recording = followed(delivered, confirmed, receivedRecording());
    const seen = { ...recording.seen };
    delete seen.conversation;
    const told = conversation === undefined ? seen : { ...seen, conversation };
    return [name, { ...recording, seen: told }, `conversation: ${problem}`];
  }),
])('notices %s', (_name, recording, problem) => {
  const verdict = verdictOf(recording, simulated);
  expect(verdict.verified).toBe(false);
  expect(verdict.problems).toContain(problem);
});

it('notices that storage or EXCP refused what was played', () => {
  const recording = followed(delivered, confirmed, receivedRecording());
  const played = { ...recording.played, audioStatus: 507, metadata: [{ status: 503, body: '' }] };
  expect(verdictOf({ ...recording, played }, simulated).problems).toEqual([
    'storage answered 507 to the audio',
    'EXCP answered 503 to the metadata',
  ]);
});

it('leaves open what is inside an upload to a real organization', () => {
  const uploaded = followed(delivered, { state: 'uploaded', cause: null });
  expect(verdictOf(uploaded, real)).toMatchObject({ verified: null, problems: [] });
  expect(isSettled(uploaded.played, uploaded.seen, true)).toBe(true);
  const failed = followed(delivered, { state: 'failed', cause: 'gc-rejected' });
  expect(verdictOf(failed, real).verified).toBe(false);
});

it.each<[string, FollowedRecording]>([
  ['still on its way', followed(delivered, { state: 'sealing', cause: null })],
  ['not yet opened', followed(delivered, confirmed, receivedRecording({ verdict: null }))],
  ['waiting for another cause', followed(cutShort, { state: 'waiting', cause: 'audio-missing' })],
  ['unknown so far', { ...followed(delivered, confirmed), seen: {} }],
])('goes on watching one that is %s', (_name, { played, seen }) => {
  expect(isSettled(played, seen, false)).toBe(false);
});

it('does not wait for a dead letter to get better', () => {
  const { played, seen } = followed(delivered, { state: 'failed', cause: 'gc-rejected' });
  expect(isSettled(played, seen, false)).toBe(true);
});
