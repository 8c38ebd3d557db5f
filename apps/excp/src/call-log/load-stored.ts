import type { RedisClient } from '@exrec/service-kit';
import { ArchiveDamage, callsOf, readArchive, type ArchivedCalls } from './archive-text.js';
import type { CallLogKeys } from './call-log-keys.js';
import { loadScript } from './interaction-scripts.js';
import type { CallFields, StoredInteraction } from './kept-interaction.js';
import type { PackReader } from './packs/pack-reader.js';
import { packArguments } from './packs/pack-scripts.js';

/** More than may be linked: links to an archived interaction are counted anew. */
const maxCallsRead = 1_000;
/** Some milliseconds of Redis. */
const bytesAtOnce = 1024 * 1024;

export type LoadPlace = {
  readonly redis: RedisClient;
  readonly keys: CallLogKeys;
  readonly packs: PackReader;
  readonly keepMs: number;
  readonly now: () => number;
};

/** Where the archive has an interaction, as `loadScript` says. */
type ArchivedIn = string;

/**
 * Everything that Redis keeps of the interaction of a call; undefined when that is nothing. A large one is read in
 * pieces, so that each takes some milliseconds: the revisions of its calls tell later whether they have changed since.
 */
export async function loadStored(
  place: LoadPlace,
  callUUID: string,
): Promise<StoredInteraction | undefined> {
  const live = new Map<string, CallFields>();
  let { root, archivedIn } = await loadSome(place, callUUID, { live, from: [] });
  const archive = archivedIn === '' ? 'none' : await archiveOf(place, archivedIn, root);
  // Gone between the two reads: what was in it is asked for again.
  if (archive === undefined) return loadStored(place, callUUID);
  const archived: ArchivedCalls = typeof archive === 'string' ? new Map() : archive;
  for (;;) {
    const from = unread(live, archived);
    if (from.length === 0 || live.size >= maxCallsRead) break;
    const before = { root, archivedIn };
    ({ root, archivedIn } = await loadSome(place, callUUID, { live, from }));
    // It was linked, or archived, in the midst of it.
    if (root !== before.root || archivedIn !== before.archivedIn)
      return loadStored(place, callUUID);
  }
  const ids = [...new Set([root, ...live.keys(), ...archived.keys()])];
  const calls = ids.map((id) => ({
    callUUID: id,
    rev: live.get(id)?.rev ?? '0',
    fields: { ...archived.get(id), ...live.get(id) },
  }));
  if (archive === 'none' && calls.every(({ fields }) => Object.keys(fields).length === 0))
    return undefined;
  const state = typeof archive === 'string' ? archive : 'read';
  return { rootCallUUID: root, calls, archive: state };
}

/** Adds to `live` the calls of an interaction from these on, as many as fit into one step. */
async function loadSome(
  { redis, keys: { callStem, archiveStem, packStem }, keepMs, now }: LoadPlace,
  callUUID: string,
  { live, from }: { readonly live: Map<string, CallFields>; readonly from: readonly string[] },
): Promise<{ root: string; archivedIn: ArchivedIn }> {
  const limits = [maxCallsRead, bytesAtOnce, ...packArguments(packStem, now(), keepMs)];
  const args = [callStem, archiveStem, callUUID, ...limits, ...from];
  const reply = await loadScript(redis, [`${callStem}${callUUID}`], args);
  const [root, archivedIn, ...rows] = reply as [string, ArchivedIn, ...string[][]]; // the script's documented reply
  for (const [id = '', ...flat] of rows) {
    if (live.has(id)) continue;
    const [first, most = '', rev = ''] = flat;
    const key = `${callStem}${id}`;
    const fields = first === '' ? await scanned(redis, key, Number(most)) : pairFields(flat);
    live.set(id, first === '' ? { ...fields, rev } : fields);
  }
  return { root, archivedIn };
}

/** A large call in parts. Its revision was read before: what changes meanwhile voids what follows from it. */
async function scanned(redis: RedisClient, key: string, most: number): Promise<CallFields> {
  const fields: Record<string, string> = {};
  let cursor = '0';
  do {
    const [next, flat] = await redis.hscan(key, cursor, 'COUNT', most);
    Object.assign(fields, pairFields(flat));
    cursor = next;
  } while (cursor !== '0');
  return fields;
}

/**
 * Calls that a link leads to, or that the archive names: no link leads to those any more, but something may have come
 * for them, or for a new call below them.
 */
function unread(live: ReadonlyMap<string, CallFields>, archived: ArchivedCalls): string[] {
  const linked = [...live.values()].flatMap((fields) =>
    Object.keys(fields)
      .filter((field) => field.startsWith('c:'))
      .map((field) => field.slice(2)),
  );
  return [...new Set([...linked, ...archived.keys()])].filter((id) => !live.has(id));
}

/** undefined: it is not there any more */
async function archiveOf(
  { redis, keys, packs }: LoadPlace,
  archivedIn: ArchivedIn,
  rootCallUUID: string,
): Promise<ArchivedCalls | 'damaged' | undefined> {
  try {
    const [, pack] = archivedIn.split(' ');
    if (pack !== undefined) {
      const json = await packs.jsonOf(`${keys.packStem}:${pack}`, rootCallUUID);
      if (json === undefined) return undefined;
      return json === null ? new Map<string, CallFields>() : callsOf(json);
    }
    const bytes = await redis.getBuffer(`${keys.archiveStem}${rootCallUUID}`);
    return bytes === null ? undefined : readArchive(bytes, rootCallUUID);
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
