import { isMediaId } from '@exrec/gc-metadata';

/** When a file was written, as the storage tells it: by its own clock on both sides. */
export type FileTimes = {
  /** `Last-Modified`; not every storage tells it. */
  readonly modifiedAtMs?: number | undefined;
  /** `Date` of the same answer; not every storage tells it. */
  readonly storageNowMs?: number | undefined;
};

/** A file that is from the future by more than this has a stamp that says nothing. */
const tolerableFutureMs = 60_000;

/**
 * The age that retention goes by (docs/design/CONTRACTS.md#16-clarifications-of-the-second-round (7)): the storage's own clock against the file's time, so that our clock
 * does not matter, and never more than the time since EXRP first saw the file, so that the storage's does not either.
 * A stamp that is missing or lies in the future leaves the time since the first sight alone.
 * @param firstSeenAtMs and `nowMs` are times of Redis
 */
export function ageOf(
  { modifiedAtMs, storageNowMs }: FileTimes,
  firstSeenAtMs: number,
  nowMs: number,
): number {
  const sinceSeenMs = Math.max(0, nowMs - firstSeenAtMs);
  if (modifiedAtMs === undefined) return sinceSeenMs;
  const byStampMs = (storageNowMs ?? nowMs) - modifiedAtMs;
  return byStampMs < -tolerableFutureMs ? sinceSeenMs : Math.min(sinceSeenMs, byStampMs);
}

/** Whether a file of this name is an audio file that EXRP may ever delete: anything else is not ours. */
export function isDeletable(name: string): boolean {
  return name.endsWith('.opus') && isMediaId(name);
}
