import {
  communicationIdOf,
  conversationIdOf,
  recordingIdOf,
  type GcMetadataRequest,
} from '@exrec/gc-metadata';

const callUUID = '02AB7QK3D4FH59LMN0PQ6RSTUV000017';

/** GC-metadata as EXCP sends them to EXRP for a segment of a call through a queue. */
export function sampleMetadata(audioFile: string): GcMetadataRequest {
  return {
    schemaVersion: 1,
    recordingId: recordingIdOf(audioFile),
    conversationId: conversationIdOf(callUUID),
    communicationId: communicationIdOf(callUUID, '7105', 1),
    interactionId: callUUID,
    mediaType: 'call',
    direction: 'inbound',
    startTime: '2026-03-02T09:15:04.000Z',
    endTime: '2026-03-02T09:18:31.120Z',
    durationMs: 207_120,
    ani: '+4930555010',
    dnis: '8005550100',
    recordedParty: 'agent',
    agent: { id: 'agent7105', dn: '7105', userId: null },
    queue: { name: 'VQ_TechSupport', id: null },
    speechAndTextAnalytics: { requested: false, reason: 'configuration-unavailable' },
    annotations: [],
  };
}
