import { seenKeepMs } from '../call-log/call-log-keys.js';
import type { DeliveryRecord } from '../decision/delivery-record.js';

/** Every difference between EXCP's segments, EXRP's recordings and the audio files has one of these names. */
export const differenceKinds = [
  /** An audio file that no metadata ever named: without them it is deleted at the end of its retention. */
  'file-without-metadata',
  /** EXRP waits for the audio file, or has given it up. */
  'metadata-without-file',
  /** In scope, its interaction is over, nothing will send it, and EXRP does not know it. */
  'never-dispatched',
  /** GC's report should have told by now what became of it. */
  'uploaded-not-confirmed',
  /** EXRP has a recording whose segment EXCP never had. */
  'unknown-segment',
  /** EXRP will never take it as it is. */
  'refused',
  /** EXRP has given it up, for another reason than a missing file. */
  'dead-letter',
  /** What is kept of the interaction cannot be read, e.g. because a later release wrote it. */
  'unreadable-interaction',
] as const;
export type DifferenceKind = (typeof differenceKinds)[number];

/** Where a segment stands, as the sum counts it. */
export const standings = [
  'confirmed',
  'uploaded',
  'waiting',
  'failed',
  'unexplained',
  'outOfScope',
  /** Sent so long ago that EXRP may have forgotten it by plan. */
  'settledLongAgo',
] as const;
export type Standing = (typeof standings)[number];

/** What EXRP says about a recording; `state` null: it does not know it. */
export type RecordingStanding = {
  readonly state: string | null;
  readonly cause: string | null;
  readonly uploadedAtMs?: number | undefined;
};

/** A segment of an interaction that is over. */
export type EndedSegment = {
  readonly mediaId: string;
  readonly endedAtMs: number;
  readonly dispatch: DeliveryRecord | undefined;
};

export type Comparison = {
  readonly standing: Standing;
  readonly difference?: DifferenceKind;
  readonly cause?: string;
  /** Since when it has been like that, epoch ms, as far as is known. */
  readonly sinceMs?: number;
};

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** Segments are queued right after the end; a look that failed is repeated every minute. */
const queuedWithinMs = 15 * minuteMs;
/** A report is read every 30 minutes; GC may need one or two. */
const confirmedWithinMs = 2 * hourMs;
/** Metadata come seconds after the file, or before it. */
const describedWithinMs = hourMs;
/** EXRP remembers what was confirmed for 14 days; a day less keeps us clear of that border. */
const rememberedMs = 13 * 24 * hourMs;

/** Compares a segment with what EXRP says about its recording. Pure. */
export function compareSegment(
  { dispatch, endedAtMs }: EndedSegment,
  recording: RecordingStanding,
  nowMs: number,
): Comparison {
  if (dispatch?.state === 'out-of-scope') return { standing: 'outOfScope' };
  if (dispatch?.state === 'refused') {
    const { cause = 'exrp-refused', atMs } = dispatch;
    return { standing: 'failed', difference: 'refused', cause, sinceMs: atMs };
  }
  if (recording.state !== null) return compareRecording(recording, nowMs);
  const isPending = dispatch?.state === 'queued' || dispatch?.state === 'waiting';
  const sinceMs = dispatch?.atMs ?? endedAtMs;
  if (isPending || (dispatch === undefined && nowMs - endedAtMs < queuedWithinMs)) {
    return { standing: 'waiting' };
  }
  if (nowMs - sinceMs > rememberedMs) return { standing: 'settledLongAgo' };
  return { standing: 'unexplained', difference: 'never-dispatched', sinceMs };
}

function compareRecording(
  { state, cause, uploadedAtMs }: RecordingStanding,
  nowMs: number,
): Comparison {
  if (state === 'confirmed') return { standing: 'confirmed' };
  if (state === 'uploaded') {
    const isLate = uploadedAtMs !== undefined && nowMs - uploadedAtMs > confirmedWithinMs;
    return {
      standing: 'uploaded',
      ...(isLate ? { difference: 'uploaded-not-confirmed', sinceMs: uploadedAtMs } : {}),
    };
  }
  const isFailed = state === 'failed';
  const standing = isFailed ? 'failed' : 'waiting';
  if (cause === 'audio-missing') return { standing, difference: 'metadata-without-file', cause };
  return isFailed
    ? { standing, difference: 'dead-letter', cause: cause ?? 'unknown' }
    : { standing };
}

/** Whether an audio file is `file-without-metadata`: EXRP has no recording of it and EXCP never heard of it. */
export function isWithoutMetadata(
  file: { readonly modifiedAtMs: number; readonly state: string | null },
  isKnown: boolean,
  nowMs: number,
  lostAtMs = 0,
): boolean {
  // What was acknowledged of it may be what was lost: nobody will tell it again.
  const isOld = file.modifiedAtMs <= lostAtMs || nowMs - file.modifiedAtMs > describedWithinMs;
  return file.state === null && !isKnown && isOld;
}

/** Whether a recording is an `unknown-segment`; EXCP remembers names for a while only. */
export function isUnknownSegment(
  recording: { readonly acceptedAtMs: number },
  isKnown: boolean,
  nowMs: number,
): boolean {
  return !isKnown && nowMs - recording.acceptedAtMs < seenKeepMs;
}

/**
 * Whether sending a `never-dispatched` segment again can help: its audio is there, or may still come.
 * Without this, a Redis that was lost as a whole would have EXRP wait for files that were deleted long ago.
 */
export function isWorthSending(
  { dispatch, endedAtMs }: EndedSegment,
  hasFile: boolean,
  nowMs: number,
): boolean {
  return hasFile || nowMs - (dispatch?.atMs ?? endedAtMs) < hourMs;
}
