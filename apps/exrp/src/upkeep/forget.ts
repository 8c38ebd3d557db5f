import type { InjectionStore } from '../injection/store/injection-store.js';

/** Confirmed recordings are known this long, so that a late request for one is still a duplicate (our choice). */
export const keepConfirmedMs = 14 * 24 * 3_600_000;

/** Removes the records of recordings that were confirmed long ago. Returns how many. */
export async function forgetConfirmed(store: InjectionStore, nowMs: number): Promise<number> {
  let forgotten = 0;
  for await (const { recordingId, confirmedAtMs, acceptedAtMs } of store.each(['confirmed'])) {
    // In order of acceptance: the first that is young enough ends the search.
    if (acceptedAtMs > nowMs - keepConfirmedMs) break;
    if ((confirmedAtMs ?? nowMs) > nowMs - keepConfirmedMs) continue;
    await store.forget(recordingId);
    forgotten += 1;
  }
  return forgotten;
}
