import { readCallEvent } from '../collect/index.js';
import { callEventKinds, type JsonObject, type JsonValue } from '../interaction/index.js';
import type { CallFields } from './kept-interaction.js';

/**
 * An event in short: distance in ms from the event before, number of its kind, which fields it has and which of those
 * differ from the last event that had them (bits), the values of the latter; the id last, unless it follows
 * from the content.
 */
export type ShortEvent = readonly JsonValue[];

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

/** The events among the fields of a call, by time. */
export function shortEvents(callUUID: string, fields: CallFields, baseMs: number): ShortEvent[] {
  const last = new Map<string, string>();
  let beforeMs = baseMs;
  const events: ShortEvent[] = [];
  for (const { id, content } of eventsByTime(fields)) {
    const timeMs = Number(content.timeMs);
    const kind = callEventKinds.findIndex((name) => name === content.event);
    const { present, changed, values } = difference(content, last);
    const kept = derivedId(callUUID, content) === id ? [] : [id];
    events.push([timeMs - beforeMs, kind, present, changed, ...values, ...kept]);
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
      event: callEventKinds[Number(kind)] ?? 'EventUserEvent',
    };
    fieldNames.forEach((name, bit) => {
      if ((Number(changed) & (1 << bit)) !== 0) last.set(name, JSON.stringify(values.shift()));
      if ((Number(present) & (1 << bit)) !== 0) {
        content[name] = JSON.parse(last.get(name) ?? 'null') as JsonValue; // written by us
      }
    });
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
