import {
  isJsonArray,
  isJsonObject,
  ownValue,
  parseTime,
  textOf,
  type HistoryEntry,
  type JsonObject,
  type JsonValue,
} from '../interaction/index.js';
import { sameCall } from './call-uuid.js';

/**
 * RWS' `eventHistory` (docs/reference/genesys-facts.md#34-the-recording-resource): who joined and left, and attached data over time. Entries that can't be
 * understood are left out; they stay in the envelope as it came.
 */
export function readEventHistory(
  history: JsonValue | undefined,
  envelopeCallUUID: string | undefined,
): HistoryEntry[] {
  if (!isJsonArray(history)) return [];
  return history.flatMap((entry) => {
    if (!isJsonObject(entry)) return [];
    const atMs = parseTime(textOf(ownValue(entry, 'occurredAt')) ?? '');
    // RWS spells it `calluuid`.
    const named = ['calluuid', 'callUUID', 'callUuid'].map((name) => textOf(ownValue(entry, name)));
    const name = named.find((candidate) => candidate !== undefined);
    const callUUID = name === undefined ? envelopeCallUUID : sameCall(name);
    if (atMs === undefined || callUUID === undefined) return [];
    return [...presenceOf(entry, { atMs, callUUID }), ...dataOf(entry, { atMs, callUUID })];
  });
}

interface Occasion {
  readonly atMs: number;
  readonly callUUID: string;
}

function presenceOf(entry: JsonObject, occasion: Occasion): HistoryEntry[] {
  const kind = textOf(ownValue(entry, 'event'))?.toLowerCase();
  const contact = ownValue(entry, 'contact');
  if ((kind !== 'joined' && kind !== 'left') || !isJsonObject(contact)) return [];
  const userName = textOf(ownValue(contact, 'userName'));
  const dn = textOf(ownValue(contact, 'phoneNumber')) ?? userName;
  if (dn === undefined) return [];
  const isUser = textOf(ownValue(contact, 'type'))?.toLowerCase() === 'user';
  return [{ kind, ...occasion, contactType: isUser ? 'agent' : 'external', dn, userName }];
}

/** `data` is either the changed keys themselves or `{added, updated, deleted}`; both occur in descriptions of RWS. */
function dataOf(entry: JsonObject, occasion: Occasion): HistoryEntry[] {
  const data = ownValue(entry, 'data');
  if (!isJsonObject(data)) return [];
  const groups = ['added', 'changed', 'updated']
    .map((name) => ownValue(data, name))
    .filter(isJsonObject);
  const deleted = ownValue(data, 'deleted');
  const isGrouped = groups.length > 0 || isJsonArray(deleted) || isJsonObject(deleted);
  const changes = isGrouped
    ? [...groups.flatMap((group) => Object.entries(group)), ...deletions(deleted)]
    : Object.entries(data);
  return changes.length === 0
    ? []
    : [{ kind: 'data', ...occasion, userData: Object.fromEntries(changes) }];
}

function deletions(deleted: JsonValue | undefined): [string, null][] {
  if (isJsonObject(deleted)) return Object.keys(deleted).map((key) => [key, null]);
  if (!isJsonArray(deleted)) return [];
  return deleted.flatMap((key) => (typeof key === 'string' ? [[key, null]] : []));
}
