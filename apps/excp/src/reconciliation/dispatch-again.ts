import type { CallLog } from '../call-log/call-log.js';
import { dispatchText } from '../dispatch/dispatch-record.js';

/** Entries may come in between reading and writing, but not every time. */
const attempts = 5;

/**
 * Has a segment sent once more that EXCP took for sent, or that nobody decided about: its interaction is looked at
 * now, and the end step does the rest as always.
 * @returns false when the interaction kept changing, or something else was decided about the segment meanwhile
 */
export async function dispatchAgain(
  callLog: CallLog,
  { callUUID, mediaId }: { readonly callUUID: string; readonly mediaId: string },
  nowMs: number,
): Promise<boolean> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const kept = await callLog.load(callUUID);
    const state = kept?.dispatches.get(mediaId)?.state;
    if (kept === undefined || (state !== undefined && state !== 'dispatched')) return false;
    const value = dispatchText({ state: 'queued', atMs: nowMs });
    const again = state === 'dispatched' ? [{ callUUID, field: `d:${mediaId}`, value }] : [];
    const sending = again.length === 0 ? [] : [mediaId];
    if (await callLog.commit(kept, { nextLookAtMs: nowMs, writes: again, sending })) return true;
  }
  return false;
}
