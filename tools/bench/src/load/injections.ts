import {
  communicationIdOf,
  conversationIdOf,
  recordingIdOf,
  type GcMetadataRequest,
} from '@exrec/gc-metadata';
import { injectionToken } from '../servers/exrp.js';
import { jsonPost } from './raw-connection.js';

const callUUID = '02AB7QK3D4FH59LMN0PQ6RSTUV000017';

/** The request for the injection of one audio file, as EXCP sends it. */
export function injectionRequest(audioFile: string): Buffer {
  const body = JSON.stringify({ audioFile, metadata: metadataOf(audioFile) });
  return jsonPost('/api/v1/injections', body, { authorization: `Bearer ${injectionToken}` });
}

export function metadataOf(audioFile: string): GcMetadataRequest {
  return {
    schemaVersion: 1,
    recordingId: recordingIdOf(audioFile),
    conversationId: conversationIdOf(callUUID),
    communicationId: communicationIdOf(callUUID, '7105', 1),
    interactionId: callUUID,
    mediaType: 'call',
    direction: 'inbound',
    startTime: '2026-03-02T09:15:04.000Z',
    endTime: '2026-03-02T09:20:04.000Z',
    durationMs: 300_000,
    ani: '+4930555010',
    dnis: '8005550100',
    recordedParty: 'agent',
    agent: { id: 'agent7105', dn: '7105', userId: null },
    queue: { name: 'VQ_TechSupport', id: null },
    speechAndTextAnalytics: { requested: false, reason: 'configuration-unavailable' },
    annotations: [],
  };
}
