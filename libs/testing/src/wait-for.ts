import { setTimeout as sleep } from 'node:timers/promises';

export type WaitOptions = {
  readonly timeoutMs?: number;
  /** The pause between two looks, where it must stay the same. */
  readonly everyMs?: number;
};

/** Looks follow closely at first, so that a short wait stays short; a long one must not keep the machine busy. */
const firstPauseMs = 15;
const longestPauseMs = 250;
const growth = 1.25;

/** For a server that starts or comes back: on a machine that is very busy this takes long. */
export const serverPatience: WaitOptions = { timeoutMs: 150_000 };

/**
 * Asks `probe` until it gives something other than `undefined`, `null` or `false`, and returns that.
 * @throws when `timeoutMs` (default 3 min: a machine may be slow, and a test that
 * passes never waits so long) have passed; the message carries `what`.
 */
export async function waitFor<T>(
  what: string,
  probe: () => Promise<T | undefined | null | false> | T | undefined | null | false,
  { timeoutMs = 180_000, everyMs }: WaitOptions = {},
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  let pauseMs = firstPauseMs;
  for (;;) {
    const seen = await probe();
    if (seen !== undefined && seen !== null && seen !== false) return seen;
    if (Date.now() > deadline) throw new Error(`waited ${timeoutMs} ms for ${what}`);
    await sleep(everyMs ?? pauseMs);
    pauseMs = Math.min(pauseMs * growth, longestPauseMs);
  }
}
