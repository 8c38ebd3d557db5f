import { setTimeout as sleep } from 'node:timers/promises';
import { recordingIdOf } from '@exrec/gc-metadata';
import { adminToken, type Fleet } from './fleet.js';

/** An EXRP that says nothing for so long does not know. */
const patienceMs = 20_000;

/** Where the acknowledged recordings are, in the end: accepted = arrived + failed + waiting + lost. */
export type Outcome = {
  readonly accepted: number;
  /** In the simulated Genesys Cloud. */
  readonly arrived: number;
  readonly failed: number;
  readonly waiting: number;
  readonly lost: number;
  /** Arrived more than once. */
  readonly twice: number;
  /** Media ids of those that are lost. */
  readonly lostIds: readonly string[];
};

/** Waits until every acknowledged recording has arrived, or nothing has arrived for `quietMs`. */
export async function settledOutcome(
  fleet: Fleet,
  accepted: ReadonlySet<string>,
  quietMs: number,
): Promise<Outcome> {
  let lastChangeMs = Date.now();
  let lastCount = -1;
  for (;;) {
    const arrived = arrivedOf(fleet, accepted);
    if (arrived.size === accepted.size) break;
    if (arrived.size !== lastCount) [lastCount, lastChangeMs] = [arrived.size, Date.now()];
    if (Date.now() - lastChangeMs > quietMs) break;
    await sleep(500);
  }
  return outcomeOf(fleet, accepted);
}

async function outcomeOf(fleet: Fleet, accepted: ReadonlySet<string>): Promise<Outcome> {
  const arrived = arrivedOf(fleet, accepted);
  const counts = { failed: 0, waiting: 0, lost: 0 };
  const lostIds: string[] = [];
  const missing = [...accepted].filter((mediaId) => !arrived.has(recordingIdOf(mediaId)));
  const ask = async (mediaId: string) => {
    const standing = await standingOf(fleet, recordingIdOf(mediaId));
    counts[standing] += 1;
    if (standing === 'lost') lostIds.push(mediaId);
  };
  await Promise.all(missing.map(ask));
  const uploads = [...arrived.values()];
  const twice = uploads.filter((count) => count > 1).length;
  return { accepted: accepted.size, arrived: arrived.size, ...counts, twice, lostIds };
}

/** Uploads of each acknowledged recording that has arrived. */
function arrivedOf(fleet: Fleet, accepted: ReadonlySet<string>): Map<string, number> {
  const wanted = new Set([...accepted].map(recordingIdOf));
  const uploads = new Map<string, number>();
  for (const { recordingId, uploads: count } of fleet.gc.recordings())
    if (wanted.has(recordingId)) uploads.set(recordingId, (uploads.get(recordingId) ?? 0) + count);
  return uploads;
}

/** What EXRP says of a recording that has not arrived. */
async function standingOf(fleet: Fleet, id: string): Promise<'failed' | 'waiting' | 'lost'> {
  for (const { url } of fleet.exrps) {
    const answer = await fetch(`${url}/api/v1/injections/${id}`, {
      headers: { authorization: `Bearer ${adminToken}` },
      signal: AbortSignal.timeout(patienceMs),
    }).catch(() => undefined);
    if (answer?.ok !== true) continue;
    const { state } = (await answer.json()) as { state: string };
    if (state === 'failed') return 'failed';
    // What says that it was uploaded, and was not, is lost.
    return state === 'uploaded' || state === 'confirmed' ? 'lost' : 'waiting';
  }
  return 'lost';
}
