import { conversationIdOf, recordingIdOf } from '@exrec/gc-metadata';
import type { ExpectedOutcome, PlayedScenario, Recording } from '@exrec/simulator';
import type {
  FollowedRecording,
  Organization,
  PlayedRecording,
  SeenConversation,
} from '../src/samples/verdicts.js';

export const programId = 'fedcba98-7654-4321-8fed-cba987654321';

export const simulated: Organization = {
  isReal: false,
  programName: (id) => (id === programId ? 'Sales quality' : id),
};
export const real: Organization = { isReal: true, programName: (id) => id };

const startMs = Date.parse('2026-03-02T09:15:04Z');
const callUUID = '02ABCDEFGHIJKLMNOPQRSTUV02ABCDEF';
const mediaId = `${callUUID}_2026-03-02_09-15-04.opus`;
const audioSha256 = 'ab'.repeat(32);
const root = { callUUID, connID: '00', callType: 'Inbound' as const, ani: '+49301', dnis: '800' };

export const throughSales = {
  queue: 'VQ_Sales',
  sta: { program: 'Sales quality', language: 'de-DE' },
} as const;

/** A recording that was played, and had to end like that. */
export function playedRecording(expected: ExpectedOutcome): PlayedRecording {
  const answer = { status: 200, body: '{}' };
  return {
    ...{ mediaId, audioSha256, expected, sizeBytes: 1_000, audioStatus: 201, metadata: [answer] },
    segment: {
      ...{ mediaId, callUUID, connID: '00', ani: '7106', dnis: '7201' },
      ...{ startMs, durationMs: 5_000, recordDN: '7201', agentId: 'agent7201' },
    },
  };
}

export function playedCall(...segments: PlayedRecording[]): PlayedScenario {
  const compiled = {
    calls: [{ ...root, startMs, endMs: startMs + 9_000, happenings: [] }] as const,
    segments: [],
  };
  const title = 'A call to Sales';
  return { name: 'sales', title, callUUID, segments, eventAnswers: [], compiled };
}

/** What the simulator holds when all went well. */
export function receivedRecording(change: Partial<Recording> = {}): Recording {
  const recordingId = recordingIdOf(mediaId);
  const uploadedAt = '2026-03-02T09:16:00.000Z';
  return {
    ...{ recordingId, fileName: `${recordingId}.zip`, uploadKey: 'key', uploadedAt },
    ...{ sizeBytes: 900, md5: 'cd'.repeat(16), uploads: 1 },
    verdict: { ok: true, problems: [] },
    audio: { sizeBytes: 1_000, sha256: audioSha256 },
    metadata: receivedMetadata(recordingId),
    ...change,
  };
}

export function receivedMetadata(recordingId: string): NonNullable<Recording['metadata']> {
  return {
    ...{ schemaVersion: 1, recordingId, conversationId: conversationIdOf(callUUID) },
    ...{ communicationId: recordingId, interactionId: callUUID, mediaType: 'call' },
    ...{ direction: 'inbound', startTime: new Date(startMs).toISOString() },
    ...{ endTime: new Date(startMs + 5_000).toISOString(), durationMs: 5_000 },
    ...{ ani: root.ani, dnis: root.dnis, recordedParty: 'agent', annotations: [] },
    agent: { id: 'agent7201', dn: '7201', userId: null },
    queue: { name: 'VQ_Sales', id: null },
    speechAndTextAnalytics: { requested: true, programId, language: 'de-DE' },
    audio: {
      ...{ fileName: `${recordingId}.opus.pgp`, originalFileName: mediaId },
      ...{ contentType: 'audio/ogg; codecs=opus', sizeBytes: 1_000, sha256: audioSha256 },
      ...{ channels: 2, durationMs: 5_000 },
    },
    encryption: { container: 'openpgp', keyId: recordingId, fingerprint: 'A'.repeat(40) },
  };
}

/** As Genesys Cloud must know it: the customer and an agent, ended, the upload's leg among them. */
const whole: SeenConversation = { legs: 2, missing: [], hasLeg: true };
const decision = { queue: 'VQ_Sales', sta: { programId, language: 'de-DE' } };

/** Dispatched by EXCP with the right decision, and in this state at EXRP. */
export function followed(
  expected: ExpectedOutcome,
  injection: { readonly state: string; readonly cause: string | null },
  received?: Recording,
): FollowedRecording {
  const played = playedRecording(expected);
  const seen = { segment: { state: 'dispatched', decision }, injection, conversation: whole };
  return {
    ...{ played, call: playedCall(played) },
    seen: received === undefined ? seen : { ...seen, received },
  };
}
