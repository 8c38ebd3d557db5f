import type { CallKind } from './rate-budget.js';

export type KindRule = {
  /** Share of the burst that must stay for more urgent kinds. */
  readonly reserve: number;
  /** How much later than a new upload this kind counts as having come; negative: earlier. */
  readonly delayMs: number;
};

/**
 * `reserve` keeps a burst of configuration pages from taking the tokens that the next
 * upload needs; `delayMs` bounds the wait of the lower kinds when uploads never end: after it they
 * are equals and the oldest goes first, so nothing starves.
 */
export const kindRules: Readonly<Record<CallKind, KindRule>> = {
  // One request carries the events of many calls, an upload one recording: it never stands behind uploads.
  conversation: { reserve: 0, delayMs: -60_000 },
  upload: { reserve: 0, delayMs: 0 },
  report: { reserve: 0.25, delayMs: 20_000 },
  configuration: { reserve: 0.5, delayMs: 60_000 },
};

/** Who has not asked for so long has died or given up; its place in the queue is free. */
export const waiterLifeMs = 10_000;
/** Waiters ask at least so often. */
export const longestSleepMs = 2000;
/** A pause longer than this is told to the caller instead of being slept through. */
export const longestPauseSleptMs = 30_000;
/** Longer pauses come from a clock that jumped, not from GC. */
export const longestPauseMs = 15 * 60_000;

export type BucketSize = {
  /** Requests that may follow each other without a wait: a twentieth of a minute's, at least 1. */
  readonly capacity: number;
  readonly perMs: number;
};

/**
 * A token bucket whose burst and growth together stay within `requestsPerMinute` in every window
 * of a minute, wherever GC lets its own window begin (; 270 gives 13 at once and 257 a
 * minute in the long run).
 */
export function bucketSize(requestsPerMinute: number): BucketSize {
  const capacity = Math.max(1, requestsPerMinute / 20);
  return { capacity, perMs: (requestsPerMinute - (capacity - 1)) / 60_000 };
}
