import * as z from 'zod';
import { attemptSchema, injectionStates, requeueSchema } from '../injection/states/injection.js';
import type { Injection } from '../injection/states/injection.js';
import type { SmallInjection, UnreadableInjection } from '../injection/store/injection-reader.js';

const time = z.iso.datetime().nullable();
const count = z.number().nullable();
const text = z.string().nullable();

/** An injection as `GET /api/v1/injections/{recordingId}` shows it (docs/design/CONTRACTS.md#32-states). */
export const injectionSchema = z.object({
  recordingId: z.string(),
  state: z.enum(injectionStates),
  cause: text,
  detail: text,
  attempts: z.int(),
  nextTryAt: time,
  acceptedAt: time,
  updatedAt: time,
  uploadedAt: time,
  confirmedAt: time,
  audioDeadlineAt: time,
  audioFile: z.string(),
  flags: z.array(z.string()).describe('what is odd about the audio'),
  audio: z.object({ sizeBytes: count, sha256: text, durationMs: count }),
  zip: z.object({ sizeBytes: count, sha256: text }),
  keyId: text,
  keyFingerprint: text,
  uploadKey: text,
  reportStatus: text,
  timings: z.object({ sealMs: count, uploadMs: count }),
  history: z.array(
    attemptSchema
      .omit({ startedAtMs: true, endedAtMs: true })
      .extend({ startedAt: time, endedAt: time }),
  ),
  requeues: z.array(requeueSchema.omit({ atMs: true }).extend({ at: time })),
});

const iso = (ms: number | undefined) => (ms === undefined ? null : new Date(ms).toISOString());

export function injectionView(injection: Injection): z.infer<typeof injectionSchema> {
  const { facts } = injection;
  return {
    recordingId: injection.recordingId,
    state: injection.state,
    cause: injection.cause ?? null,
    detail: injection.detail ?? null,
    attempts: injection.attempts,
    nextTryAt: iso(injection.nextTryAtMs),
    acceptedAt: iso(injection.acceptedAtMs),
    updatedAt: iso(injection.updatedAtMs),
    uploadedAt: iso(injection.uploadedAtMs),
    confirmedAt: iso(injection.confirmedAtMs),
    audioDeadlineAt: iso(injection.audioDeadlineAtMs),
    audioFile: injection.audioFile,
    flags: facts.audioFlags ?? [],
    audio: {
      sizeBytes: facts.audioSizeBytes ?? null,
      sha256: facts.audioSha256 ?? null,
      durationMs: facts.audioDurationMs ?? null,
    },
    zip: { sizeBytes: facts.zipSizeBytes ?? null, sha256: facts.zipSha256 ?? null },
    keyId: facts.keyId ?? null,
    keyFingerprint: facts.keyFingerprint ?? null,
    uploadKey: facts.uploadKey ?? null,
    reportStatus: facts.reportStatus ?? null,
    timings: { sealMs: facts.sealMs ?? null, uploadMs: facts.uploadMs ?? null },
    history: injection.history.map(({ startedAtMs, endedAtMs, ...rest }) => ({
      ...rest,
      startedAt: iso(startedAtMs),
      endedAt: iso(endedAtMs),
    })),
    requeues: injection.requeues.map(({ atMs, ...rest }) => ({ ...rest, at: iso(atMs) })),
  };
}

/** What can be said of a record that cannot be read: nothing that is in it. */
export function unreadableView({
  recordingId,
  state = 'failed',
}: UnreadableInjection): z.infer<typeof injectionSchema> {
  return {
    ...emptyView(recordingId, state),
    cause: 'record-unreadable',
    detail: 'the record in Redis is damaged or of a later release; it is kept as it is',
  };
}

/** A recording of which only the ledger has more. */
export function smallView({ recordingId }: SmallInjection): z.infer<typeof injectionSchema> {
  return emptyView(recordingId, 'confirmed');
}

function emptyView(recordingId: string, state: Injection['state']) {
  const nothing = {
    ...{ version: 0, audioFile: '', metadata: '', attempts: 0 },
    ...{ acceptedAtMs: 0, updatedAtMs: 0, audioDeadlineAtMs: 0 },
    ...{ facts: {}, history: [], requeues: [] },
  };
  return {
    ...injectionView({ recordingId, state, ...nothing }),
    ...{ acceptedAt: null, updatedAt: null, audioDeadlineAt: null },
  };
}
