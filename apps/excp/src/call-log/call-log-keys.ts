export const dayMs = 86_400_000;
/** How long a media file and an interaction are known after they were stored, at least. */
export const seenKeepMs = 14 * dayMs;

/** Names of the keys of the call log. All share one hash tag, so one script may touch any of them. */
export type CallLogKeys = {
  /** zset: calls to be looked at, by the time (epoch ms) of the next look */
  readonly due: string;
  /** hash: calls that could not be looked at, with how often in a row */
  readonly postponed: string;
  /** zset: calls that are not archived, by the time (epoch ms) they were first heard of */
  readonly live: string;
  /** zset: media files on their way to EXRP, by the time (epoch ms) they were queued */
  readonly undispatched: string;
  /** zset: calls whose conversation has to be planned, by the time (epoch ms) of that */
  readonly conversations: string;
  /** + callUUID: hash of everything about one call */
  readonly callStem: string;
  /** + root callUUID: text of a finished interaction */
  readonly archiveStem: string;
  /** + ':' + number: pack of archives */
  readonly packStem: string;
  /** hash: how far packing is */
  readonly packs: string;
  /** + day: list of the root calls whose interactions were first archived on that day */
  readonly finishedStem: string;
  /** + week + ':' + bucket: set of digests of stored media files */
  readonly seenStem: string;
};

/** @param prefix `keyspace()` of the settings */
export function callLogKeys(prefix: string): CallLogKeys {
  return {
    due: `${prefix}:due`,
    postponed: `${prefix}:postponed`,
    live: `${prefix}:calls`,
    undispatched: `${prefix}:undispatched`,
    conversations: `${prefix}:conversations:due`,
    callStem: `${prefix}:call:`,
    archiveStem: `${prefix}:archive:`,
    packStem: `${prefix}:pack`,
    packs: `${prefix}:packs`,
    finishedStem: `${prefix}:finished:`,
    seenStem: `${prefix}:seen:`,
  };
}

export type Periods = { readonly names: readonly string[]; readonly newestTtlSeconds: number };

/** The days of which finished interactions are listed, newest first, and how long the newest list has to live. */
export function finishedDays(nowMs: number, keepMs: number): Periods {
  const day = Math.floor(nowMs / dayMs);
  const oldest = Math.floor((nowMs - keepMs) / dayMs);
  const names = Array.from({ length: day - oldest + 1 }, (_, back) => String(day - back));
  return { names, newestTtlSeconds: Math.ceil(((day + 1) * dayMs + keepMs - nowMs) / 1000) };
}

/** How long a finished interaction is kept, so that what comes late finds its ids and is recognised when it repeats. */
export function archiveTtlSeconds(keepMs: number): number {
  return Math.ceil(Math.max(keepMs, seenKeepMs) / 1000);
}
