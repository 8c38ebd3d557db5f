import { setTimeout as sleep } from 'node:timers/promises';
import type { SeenRecording } from './seen.js';

/** An attempt goes on, or is about to begin: what comes of it is not known yet. */
const inFlight = ['queued', 'fetching', 'sealing', 'uploading'];

/** What is tried again now and then may be at it just now: it is looked at again until it is not, or until that time. */
export async function lookAtRest(
  look: () => Promise<SeenRecording>,
  { untilMs, pauseMs = 1_000 }: { readonly untilMs: number; readonly pauseMs?: number },
): Promise<SeenRecording> {
  for (;;) {
    const seen = await look();
    if (!isInFlight(seen) || Date.now() >= untilMs) return seen;
    await sleep(pauseMs);
  }
}

/** The ledger is told of the end of an attempt a moment after EXRP knows it. */
function isInFlight({ exrp, ledger }: SeenRecording): boolean {
  return [exrp, ledger].some((standing) => inFlight.includes(standing?.state ?? ''));
}
