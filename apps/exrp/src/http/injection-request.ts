import {
  isMediaId,
  readGcMetadataRequest,
  recordingIdOf,
  type injectionRequestSchema,
} from '@exrec/gc-metadata';
import { HttpProblem, unavailable, type ProblemItem } from '@exrec/service-kit';
import type * as z from 'zod';
import type { AcceptRequest } from '../injection/injections.js';

/**
 * What EXRP accepts of a request of the right form.
 * @throws HttpProblem 400 with a pointer for every fault; 503 when the metadata are of a newer version,
 *   so that the caller holds them until this service is upgraded too
 */
export function readInjectionRequest(
  request: z.infer<typeof injectionRequestSchema>,
): AcceptRequest {
  const { audioFile, metadata, ...expected } = request;
  const faults: ProblemItem[] = [];
  const isFileName = isMediaId(audioFile);
  if (!isFileName) faults.push({ pointer: '/audioFile', detail: 'is not a plain file name' });
  const reading = readGcMetadataRequest(metadata);
  if (reading.kind === 'newer-version')
    throw unavailable('the metadata are of a newer schema version', 60);
  if (reading.kind === 'invalid') {
    faults.push(
      ...reading.faults.map(({ pointer, detail }) => ({ pointer: `/metadata${pointer}`, detail })),
    );
  }
  // Retention finds a file's recording by this id (docs/design/CONTRACTS.md#1-words).
  const isOfFile =
    reading.kind !== 'ok' || reading.metadata.recordingId === recordingIdOf(audioFile);
  if (isFileName && !isOfFile)
    faults.push({ pointer: '/metadata/recordingId', detail: 'is not the id of the audio file' });
  if (faults.length > 0 || reading.kind !== 'ok') throw badRequest(faults);
  return {
    recordingId: reading.metadata.recordingId,
    audioFile,
    metadata: JSON.stringify(reading.metadata),
    ...expected,
  };
}

function badRequest(errors: readonly ProblemItem[]): HttpProblem {
  return new HttpProblem(400, { detail: 'the injection request is not valid', errors });
}
