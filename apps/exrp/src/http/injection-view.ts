import type { Injection } from '../injection/states/injection.js';

const iso = (ms: number | undefined) => (ms === undefined ? null : new Date(ms).toISOString());

/** An injection as `GET /api/v1/injections/{recordingId}` shows it (CONTRACTS 3.2). */
export function injectionView(injection: Injection) {
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
