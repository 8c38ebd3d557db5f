import type { GcMetadataRequest } from '@exrec/gc-metadata';
import { sampleMetadata } from '@exrec/simulator';
import { injectionToken } from '../servers/exrp.js';
import { jsonPost } from './raw-connection.js';

/** The request for the injection of one audio file, as EXCP sends it. */
export function injectionRequest(audioFile: string): Buffer {
  const body = JSON.stringify({ audioFile, metadata: metadataOf(audioFile) });
  return jsonPost('/api/v1/injections', body, { authorization: `Bearer ${injectionToken}` });
}

export function metadataOf(audioFile: string): GcMetadataRequest {
  return { ...sampleMetadata(audioFile), endTime: '2026-03-02T09:20:04.000Z', durationMs: 300_000 };
}
