import type { StoredAudio } from '@exrec/recording-store';
import { Failure } from '@exrec/service-kit';
import type { SealedAudio } from '../../seal/index.js';
import type { Facts, Injection } from '../states/injection.js';

/** How a file looked, and since when it has looked the same. */
export type Sighting = NonNullable<Facts['lastLook']>;

/** A file that looks the same for this long is not being written any more. */
const stableMs = 2_000;

export function sightingOf(
  info: StoredAudio,
  before: Sighting | undefined,
  nowMs: number,
): Sighting {
  const print = fingerprintOf(info);
  return before?.print === print ? before : { print, sinceMs: nowMs };
}

/**
 * Two looks at a file that are equal show that nobody writes to it in between. Where the storage tells a time the ETag
 * does not count: some make a new one at every look.
 */
function fingerprintOf({ sizeBytes, modifiedAtMs, etag }: StoredAudio): string {
  return `${sizeBytes}/${modifiedAtMs ?? etag ?? ''}`;
}

/**
 * Whether the file that was read is the file that is there. An ETag that has changed while size and time have not is
 * believed when it stays the same at the next look.
 */
export async function hasChanged(
  before: StoredAudio,
  check: () => Promise<StoredAudio>,
): Promise<boolean> {
  const now = await check();
  if (now.sizeBytes !== before.sizeBytes || now.modifiedAtMs !== before.modifiedAtMs) return true;
  return now.etag !== before.etag && now.etag === (await check()).etag;
}

/**
 * What the first look at the file tells before a byte is read (docs/design/CONTRACTS.md#16-clarifications-of-the-second-round (6)): any other size than the announced one
 * is a file on its way, or an announcement to be corrected.
 * @throws Failure `audio-incomplete`; `audio-invalid` when there is nothing in the file or too much
 */
export function assertSize(
  { sizeBytes }: StoredAudio,
  { expectedSizeBytes }: Injection,
  maxAudioBytes: number,
): void {
  if (expectedSizeBytes !== undefined && sizeBytes !== expectedSizeBytes) {
    const detail = `${sizeBytes} of ${expectedSizeBytes} bytes`;
    throw Failure.later('audio-incomplete', { detail });
  }
  if (sizeBytes === 0) throw Failure.never('audio-invalid', { detail: 'the file has no bytes' });
  if (sizeBytes > maxAudioBytes) {
    throw Failure.never('audio-invalid', { detail: 'the file is larger than EXRP_MAX_AUDIO_MB' });
  }
}

/** The announced time is wall-clock time: pauses and silence may be left out of the audio, so it decides nothing. */
const toleratedDeviationMs = 2_000;

/** What is odd about the audio of a recording, for its metadata and its record. */
export function flagsOf(
  { durationMs, flags }: Pick<SealedAudio, 'durationMs' | 'flags'>,
  { expectedDurationMs }: Injection,
): readonly string[] {
  const differs =
    expectedDurationMs !== undefined &&
    Math.abs(durationMs - expectedDurationMs) > toleratedDeviationMs;
  return differs ? [...flags, 'duration-differs'] : flags;
}

/**
 * What condemns a file holds only when the file is stable; until then somebody may still be writing it.
 */
export function unlessStable(failure: Failure, sighting: Sighting, nowMs: number): Failure {
  if (failure.code !== 'audio-invalid' || nowMs - sighting.sinceMs >= stableMs) return failure;
  return Failure.later('audio-incomplete', { detail: `not stable yet: ${failure.detail ?? ''}` });
}
