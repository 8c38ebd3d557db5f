import type { LogEntry } from '../interaction/index.js';
import type { StoredInteraction } from './kept-interaction.js';
import { loadStored, type LoadPlace } from './load-stored.js';

/** Those of some entries that the archive of their interaction does not have: whatever repeats reopens nothing. */
export async function unknownToArchive(
  place: LoadPlace,
  entries: readonly LogEntry[],
): Promise<LogEntry[]> {
  const known = new Map<string, StoredInteraction | undefined>();
  const unknown: LogEntry[] = [];
  for (const entry of entries) {
    if (entry.kind !== 'event') continue;
    const { callUUID, eventId } = entry.event;
    if (!known.has(callUUID)) known.set(callUUID, await loadStored(place, callUUID));
    const call = known.get(callUUID)?.calls.find((candidate) => candidate.callUUID === callUUID);
    if (call?.fields[`e:${eventId}`] === undefined) unknown.push(entry);
  }
  return unknown;
}
