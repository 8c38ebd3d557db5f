import type { StoredAudio } from '@exrec/recording-store';
import { Failure } from '@exrec/service-kit';
import type { Facts, Injection } from '../states/injection.js';

/** How a file looked, and since when it has looked the same. */
export type Look = NonNullable<Facts['lastLook']>;

/** A file that looks the same for this long is not being written any more (our choice). */
const stableMs = 2_000;

export function lookOf(info: StoredAudio, before: Look | undefined, nowMs: number): Look {
  const print = fingerprintOf(info);
  return before?.print === print ? before : { print, sinceMs: nowMs };
}

/** Two looks at a file that are equal show that nobody writes to it in between. */
export function fingerprintOf({ sizeBytes, modifiedAtMs, etag }: StoredAudio): string {
  return `${sizeBytes}/${modifiedAtMs}/${etag ?? ''}`;
}

/**
 * What the first look at the file tells before a byte is read (CONTRACTS 3.6).
 * @throws Failure `audio-invalid` when there is nothing in the file or too much
 */
export function assertBounds({ sizeBytes }: StoredAudio, maxAudioBytes: number): void {
  if (sizeBytes === 0) throw Failure.never('audio-invalid', { detail: 'the file has no bytes' });
  if (sizeBytes > maxAudioBytes) {
    throw Failure.never('audio-invalid', { detail: 'the file is larger than EXRP_MAX_AUDIO_MB' });
  }
}

/** Whether the size is not the one in the metadata (CONTRACTS 9.1). */
export function hasOtherSize(
  { sizeBytes }: StoredAudio,
  { expectedSizeBytes }: Injection,
): boolean {
  return expectedSizeBytes !== undefined && sizeBytes !== expectedSizeBytes;
}

export function otherSize({ sizeBytes }: StoredAudio, { expectedSizeBytes }: Injection): Failure {
  return Failure.later('audio-incomplete', {
    detail: `${sizeBytes} of ${expectedSizeBytes ?? 'unknown'} bytes`,
  });
}

/** Shorter than announced by more than this is a cut recording, when no size was announced (our choice). */
const toleratedShortfall = { ms: 2_000, share: 0.05 };

/** @throws Failure `audio-incomplete` when only a part of the announced time is there */
export function assertDuration(
  durationMs: number,
  { expectedSizeBytes, expectedDurationMs }: Injection,
): void {
  // The size decides where it is known: MCP's durations are wall-clock times, not the audio's.
  if (expectedSizeBytes !== undefined || expectedDurationMs === undefined) return;
  const tolerated = Math.max(toleratedShortfall.ms, expectedDurationMs * toleratedShortfall.share);
  if (durationMs < expectedDurationMs - tolerated) {
    throw Failure.later('audio-incomplete', {
      detail: `${durationMs} of ${expectedDurationMs} ms`,
    });
  }
}

/**
 * What condemns a file holds only when the file is stable; until then somebody may still be writing it.
 */
export function unlessStable(failure: Failure, look: Look, nowMs: number): Failure {
  if (failure.code !== 'audio-invalid' || nowMs - look.sinceMs >= stableMs) return failure;
  return Failure.later('audio-incomplete', { detail: `not stable yet: ${failure.detail ?? ''}` });
}
