import { isJsonArray, type CallEvent, type JsonValue } from '../interaction/index.js';
import { readCallEvent } from './call-event-item.js';
import { readJson } from './json-text.js';
import type { Rejection } from './rejection.js';

export interface CallEventsReading {
  readonly accepted: readonly CallEvent[];
  readonly rejected: readonly Rejection[];
  /** The body has more events than we take: 413. */
  readonly tooLarge: boolean;
}

export const maxEventsPerRequest = 5000;

/**
 * Reads the body of a call-event POST (docs/design/CONTRACTS.md#22-call-events): `json` is one event or an array, `ndjson` an event a line,
 * with either kind of line end and blank lines that don't count. Bad events are rejected one by one, bad
 * lines too. Nothing accepted but something rejected means 400; an empty array is nothing bad. Never throws.
 */
export function readCallEvents(body: Uint8Array, form: 'json' | 'ndjson'): CallEventsReading {
  const items = form === 'ndjson' ? readLines(body) : readWhole(body);
  if (items === undefined) {
    return {
      accepted: [],
      rejected: [{ index: 0, reason: `more than ${maxEventsPerRequest} events`, pointer: '' }],
      tooLarge: true,
    };
  }
  const accepted: CallEvent[] = [];
  const rejected: Rejection[] = [];
  items.forEach(({ json, pointer }, index) => {
    const reading = json.ok
      ? readCallEvent(json.value)
      : { ok: false as const, fault: { pointer: '', reason: json.reason } };
    if (reading.ok) accepted.push(reading.event);
    else
      rejected.push({
        index,
        reason: reading.fault.reason,
        pointer: `${pointer}${reading.fault.pointer}`,
      });
  });
  return { accepted, rejected, tooLarge: false };
}

interface Item {
  readonly json:
    | { readonly ok: true; readonly value: JsonValue }
    | { readonly ok: false; readonly reason: string };
  readonly pointer: string;
}

/** Undefined: there are too many, and millions of small ones fit into a body: nothing is made of them. */
function readWhole(body: Uint8Array): Item[] | undefined {
  const json = readJson(body);
  if (!json.ok || !isJsonArray(json.value)) return [{ json, pointer: '' }];
  if (json.value.length > maxEventsPerRequest) return undefined;
  const { value: list, faults } = json;
  return list.map((value, index) => {
    const pointer = `/${index}`;
    const reason = faults.get(pointer);
    return { json: reason === undefined ? { ok: true, value } : { ok: false, reason }, pointer };
  });
}

/** Undefined: there are too many. */
function readLines(body: Uint8Array): Item[] | undefined {
  const items: Item[] = [];
  // Blanks go first: millions of empty lines fit into a body.
  for (let start = afterBlanks(body, 0); start < body.length;) {
    const newline = body.indexOf(0x0a, start);
    const end = newline < 0 ? body.length : newline;
    if (items.length === maxEventsPerRequest) return undefined;
    items.push({ json: readJson(body.subarray(start, end)), pointer: `/${items.length}` });
    start = afterBlanks(body, end);
  }
  return items;
}

/** Where the next byte is that is no space, tab or end of a line. */
function afterBlanks(body: Uint8Array, start: number): number {
  let at = start;
  for (
    let byte = body[at];
    byte === 0x20 || (byte !== undefined && byte >= 0x09 && byte <= 0x0d);
  ) {
    at += 1;
    byte = body[at];
  }
  return at;
}
