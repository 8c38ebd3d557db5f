import { readCallEvent } from '../collect/index.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../interaction/index.js';
import type { CallFields } from './kept-interaction.js';

/**
 * An event in short: distance in ms from the event before, number of its kind (or its name), which fields it has and
 * which of those differ from the last event that had them (bits), the values of the latter; then its id, unless it
 * follows from the content, and an object of the fields that have no bit, if there are any.
 */
export type ShortEvent = readonly JsonValue[];

/** Archives depend on this order, whatever that of the events themselves is: append only. */
const kinds: readonly string[] = [
  'EventCallCreated',
  'EventCallDataChanged',
  'EventQueued',
  'EventDiverted',
  'EventCallPartyAdded',
  'EventCallPartyState',
  'EventUserEvent',
  'EventCallPartyDeleted',
  'EventCallDeleted',
  'EventAbandoned',
];

/** Archives depend on this order: append only. */
const fieldNames = [
  'connID',
  'callType',
  'parentCallUUID',
  'ani',
  'dnis',
  'thisDN',
  'thisQueue',
  'thirdPartyDN',
  'agentId',
  'partyType',
  'partyState',
  'userData',
  'ctrlParty',
] as const;
const hasPlace: ReadonlySet<string> = new Set(['timeMs', 'event', ...fieldNames]);

/** Of a call with more events the ids are kept as they are: to derive them would take too long. */
const mostDerived = 200;

/** The events among the fields of a call, by time. */
export function shortEvents(callUUID: string, fields: CallFields, baseMs: number): ShortEvent[] {
  const last = new Map<string, string>();
  let beforeMs = baseMs;
  const events: ShortEvent[] = [];
  const ordered = eventsByTime(fields);
  const isLong = ordered.length > mostDerived;
  for (const { id, content } of ordered) {
    const timeMs = Number(content.timeMs);
    const kind = kinds.findIndex((name) => name === content.event);
    const { present, changed, values } = difference(content, last);
    const isDerived = !isLong && derivedId(callUUID, content) === id;
    const kept = isDerived ? [] : [id];
    const rest = Object.entries(content).filter(([name]) => !hasPlace.has(name));
    const more = rest.length === 0 ? [] : [Object.fromEntries(rest)];
    const name = kind < 0 ? (content.event ?? '') : kind;
    events.push([timeMs - beforeMs, name, present, changed, ...values, ...kept, ...more]);
    beforeMs = timeMs;
  }
  return events;
}

/** The same events again: fields of the call by name. */
export function longEvents(
  callUUID: string,
  events: readonly ShortEvent[],
  baseMs: number,
): Record<string, string> {
  const fields: Record<string, string> = {};
  const last = new Map<string, string>();
  let timeMs = baseMs;
  for (const [delta, kind, present, changed, ...values] of events) {
    timeMs += Number(delta);
    const content: Record<string, JsonValue> = {
      timeMs,
      event: typeof kind === 'number' ? (kinds[kind] ?? '') : (kind ?? ''),
    };
    fieldNames.forEach((name, bit) => {
      if ((Number(changed) & (1 << bit)) !== 0) last.set(name, JSON.stringify(values.shift()));
      if ((Number(present) & (1 << bit)) !== 0) {
        content[name] = JSON.parse(last.get(name) ?? 'null') as JsonValue; // written by us
      }
    });
    for (const more of values) if (isJsonObject(more)) Object.assign(content, more);
    const [id] = values;
    const name = typeof id === 'string' ? id : derivedId(callUUID, content);
    fields[`e:${name}`] = JSON.stringify(content);
  }
  return fields;
}

/** Redis gives the fields in no order; neighbours in time have most in common. */
function eventsByTime(fields: CallFields): { id: string; content: JsonObject }[] {
  return Object.entries(fields)
    .filter(([field]) => field.startsWith('e:'))
    .map(([field, text]) => ({ id: field.slice(2), content: JSON.parse(text) as JsonObject })) // written by `eventText`
    .sort((left, right) => Number(left.content.timeMs) - Number(right.content.timeMs));
}

function difference(content: JsonObject, last: Map<string, string>) {
  const values: JsonValue[] = [];
  let present = 0;
  let changed = 0;
  fieldNames.forEach((name, bit) => {
    const value = content[name];
    if (value === undefined) return;
    present |= 1 << bit;
    const text = JSON.stringify(value);
    if (last.get(name) === text) return;
    last.set(name, text);
    changed |= 1 << bit;
    values.push(value);
  });
  return { present, changed, values };
}

/** The id that an event has when the feed gave none. */
function derivedId(callUUID: string, { timeMs, ...rest }: JsonObject): string {
  const time = new Date(Number(timeMs)).toISOString();
  const reading = readCallEvent({ ...rest, callUUID, time });
  return reading.ok ? reading.event.eventId : '';
}
