import { isMediaId, readGcMetadataRequest, recordingIdOf } from '@exrec/gc-metadata';
import { HttpProblem, unavailable, type ProblemItem } from '@exrec/service-kit';
import * as z from 'zod';
import type { AcceptRequest } from '../injection/injections.js';
import { toProblemItem } from './json-body.js';

const bodySchema = z.object({
  audioFile: z.string(),
  metadata: z.record(z.string(), z.unknown()),
  expectedSizeBytes: z.int().nonnegative().optional(),
  expectedDurationMs: z.number().nonnegative().optional(),
});

/**
 * The body of `POST /api/v1/injections` (CONTRACTS 3.1).
 * @throws HttpProblem 400 with a pointer for every fault; 503 when the metadata are of a newer version,
 *   so that the caller holds them until this service is upgraded too
 */
export function readInjectionRequest(body: unknown): AcceptRequest {
  const parsed = bodySchema.safeParse(body);
  if (!parsed.success) throw badRequest(parsed.error.issues.map(toProblemItem));
  const { audioFile, metadata, expectedSizeBytes, expectedDurationMs } = parsed.data;
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
  // Retention finds a file's recording by this id (CONTRACTS 1).
  const isOfFile =
    reading.kind !== 'ok' || reading.metadata.recordingId === recordingIdOf(audioFile);
  if (isFileName && !isOfFile)
    faults.push({ pointer: '/metadata/recordingId', detail: 'is not the id of the audio file' });
  if (faults.length > 0 || reading.kind !== 'ok') throw badRequest(faults);
  return {
    recordingId: reading.metadata.recordingId,
    audioFile,
    metadata: JSON.stringify(reading.metadata),
    ...(expectedSizeBytes === undefined ? {} : { expectedSizeBytes }),
    ...(expectedDurationMs === undefined ? {} : { expectedDurationMs }),
  };
}

function badRequest(errors: readonly ProblemItem[]): HttpProblem {
  return new HttpProblem(400, { detail: 'the injection request is not valid', errors });
}
