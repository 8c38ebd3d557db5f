import type { RedisClient } from '@exrec/service-kit';
import { ArchiveDamage, readArchive, type ArchivedCalls } from './archive-text.js';
import type { CallLogKeys } from './call-log-keys.js';
import { loadScript } from './interaction-scripts.js';
import type { CallFields, StoredInteraction } from './kept-interaction.js';

/** More than may be linked: links to an archived interaction are counted anew. */
const maxCallsRead = 1_000;

export type LoadPlace = { readonly redis: RedisClient; readonly keys: CallLogKeys };

/**
 * Everything that Redis keeps of the interaction of a call; undefined when that is nothing.
 * @param further calls that the archive has named: what came for them since then is read as well
 */
export async function loadStored(
  place: LoadPlace,
  callUUID: string,
  further: readonly string[] = [],
): Promise<StoredInteraction | undefined> {
  const { callStem, archiveStem } = place.keys;
  const args = [callStem, archiveStem, callUUID, maxCallsRead, ...further];
  const reply = await loadScript(place.redis, [`${callStem}${callUUID}`], args);
  const [rootCallUUID, isArchived, ...rows] = reply as [string, number, ...string[][]]; // the script's documented reply
  const live = new Map(rows.map(([id = '', ...flat]) => [id, pairFields(flat)]));
  const archive = isArchived === 1 ? await archiveOf(place, rootCallUUID) : 'none';
  // Gone between the two reads: what was in it is asked for again.
  if (archive === undefined) return loadStored(place, callUUID);
  const archived: ArchivedCalls = typeof archive === 'string' ? new Map() : archive;
  const unread = [...archived.keys()].filter((id) => !live.has(id) && !further.includes(id));
  // No link leads to them any more, but something may have come for them, or for a new call below them.
  if (unread.length > 0) return loadStored(place, callUUID, [...further, ...unread]);
  const ids = [...new Set([rootCallUUID, ...live.keys(), ...archived.keys()])];
  const calls = ids.map((id) => ({
    callUUID: id,
    rev: live.get(id)?.rev ?? '0',
    fields: { ...archived.get(id), ...live.get(id) },
  }));
  if (archive === 'none' && calls.every(({ fields }) => Object.keys(fields).length === 0))
    return undefined;
  return { rootCallUUID, calls, archive: typeof archive === 'string' ? archive : 'read' };
}

/** undefined: it is not there any more */
async function archiveOf(
  { redis, keys }: LoadPlace,
  rootCallUUID: string,
): Promise<ArchivedCalls | 'damaged' | undefined> {
  const bytes = await redis.getBuffer(`${keys.archiveStem}${rootCallUUID}`);
  if (bytes === null) return undefined;
  try {
    return readArchive(bytes, rootCallUUID);
  } catch (error) {
    if (error instanceof ArchiveDamage) return 'damaged';
    throw error;
  }
}

/** Pairs a flat Redis reply: field, value, field, value, … */
function pairFields(flat: readonly string[]): CallFields {
  const fields: Record<string, string> = {};
  for (let i = 0; i + 1 < flat.length; i += 2) fields[flat[i] ?? ''] = flat[i + 1] ?? '';
  return fields;
}
