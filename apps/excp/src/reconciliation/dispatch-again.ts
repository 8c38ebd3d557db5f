import type { CallLog } from '../call-log/call-log.js';
import { deliveryText } from '../decision/delivery-record.js';

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
    const record = kept?.dispatches.get(mediaId);
    const state = record?.state;
    if (kept === undefined || (state !== undefined && state !== 'dispatched')) return false;
    // Under the ids that it was told with.
    const value = deliveryText({ state: 'queued', atMs: nowMs, told: record?.told });
    const again = state === 'dispatched' ? [{ callUUID, field: `d:${mediaId}`, value }] : [];
    if (await callLog.commit(kept, { nextCheckAtMs: nowMs, writes: again })) return true;
  }
  return false;
}
