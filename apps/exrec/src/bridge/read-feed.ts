import {
  callEventFields,
  callEventKinds,
  isJsonArray,
  isJsonObject,
  ownValue,
  readCallEvent,
  readJson,
  type CallEvent,
  type JsonValue,
} from '@exrec/excp';

export type Rejected = {
  /** Line of a file with an event a line, else the number of the item; from 1. */
  readonly position: number;
  readonly reason: string;
};

export type Feed = {
  readonly form: 'ndjson' | 'json';
  readonly events: readonly CallEvent[];
  readonly rejected: readonly Rejected[];
  /** Fields that no event has, as they are written, and how many events have them. */
  readonly unknownFields: ReadonlyMap<string, number>;
  /** Events whose time has no milliseconds. */
  readonly coarseTimes: number;
};

type Item = {
  readonly position: number;
  readonly json: JsonValue | undefined;
  readonly reason?: string;
};

/** Reads a feed as EXCP does: an array, one object, or an object a line. Never throws. */
export function readFeed(bytes: Uint8Array): Feed {
  const whole = firstByte(bytes) === 0x0a ? undefined : readWhole(bytes);
  const items = whole ?? readLines(bytes);
  const events: CallEvent[] = [];
  const rejected: Rejected[] = [];
  const unknownFields = new Map<string, number>();
  let coarseTimes = 0;
  for (const { position, json, reason } of items) {
    if (json === undefined) {
      rejected.push({ position, reason: reason ?? 'is not JSON' });
      continue;
    }
    for (const name of unknownNames(json))
      unknownFields.set(name, (unknownFields.get(name) ?? 0) + 1);
    const reading = readCallEvent(json);
    if (!reading.ok) {
      rejected.push({ position, reason: withAdvice(reading.fault.reason, json) });
      continue;
    }
    if (reading.event.timeMs % 1000 === 0 && isCoarse(json)) coarseTimes += 1;
    events.push(reading.event);
  }
  return {
    form: whole === undefined ? 'ndjson' : 'json',
    ...{ events, rejected, unknownFields, coarseTimes },
  };
}

function firstByte(bytes: Uint8Array): number | undefined {
  return bytes.find((byte) => byte !== 0x20 && byte !== 0x09 && byte !== 0x0d);
}

/** Undefined when it is not one document. */
function readWhole(bytes: Uint8Array): Item[] | undefined {
  const reading = readJson(bytes);
  if (!reading.ok) return undefined;
  const { value, faults } = reading;
  if (!isJsonArray(value)) return [{ position: 1, json: value }];
  return value.map((json, index) => {
    const reason = faults.get(`/${index}`);
    return reason === undefined
      ? { position: index + 1, json }
      : { position: index + 1, json: undefined, reason };
  });
}

function readLines(bytes: Uint8Array): Item[] {
  const items: Item[] = [];
  let position = 0;
  for (let start = 0; start < bytes.length;) {
    const newline = bytes.indexOf(0x0a, start);
    const end = newline < 0 ? bytes.length : newline;
    const line = bytes.subarray(start, end);
    start = end + 1;
    position += 1;
    if (firstByte(line) === undefined) continue;
    const reading = readJson(line);
    items.push(
      reading.ok
        ? { position, json: reading.value }
        : { position, json: undefined, reason: reading.reason },
    );
  }
  return items;
}

function unknownNames(json: JsonValue): string[] {
  if (!isJsonObject(json)) return [];
  return Object.keys(json).filter((name) => !callEventFields.includes(name));
}

/** The known field of that name in another spelling. */
export function spelledLike(name: string): string | undefined {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[^a-z]/g, '');
  return callEventFields.find((field) => plain(field) === plain(name));
}

function isCoarse(json: JsonValue): boolean {
  const time = isJsonObject(json) ? ownValue(json, 'time') : undefined;
  return typeof time === 'string' && !/[.,]\d/.test(time);
}

/** T-Library's own names, and what a bridge posts for them (docs/operate/bridge.md). */
const fromTLibrary: Readonly<Record<string, string>> = {
  EventRinging: 'EventCallPartyAdded with partyState ringing',
  EventDialing: 'EventCallPartyAdded',
  EventPartyAdded: 'EventCallPartyAdded',
  EventEstablished: 'EventCallPartyState with partyState established',
  EventHeld: 'EventCallPartyState with partyState held',
  EventRetrieved: 'EventCallPartyState with partyState established',
  EventReleased: 'EventCallPartyDeleted',
  EventPartyDeleted: 'EventCallPartyDeleted',
  EventAttachedDataChanged: 'EventCallDataChanged',
};

function withAdvice(reason: string, json: JsonValue): string {
  const name = isJsonObject(json) ? ownValue(json, 'event') : undefined;
  if (reason !== 'event is not a valid value' || typeof name !== 'string') return reason;
  const instead = Object.hasOwn(fromTLibrary, name) ? fromTLibrary[name] : undefined;
  return instead === undefined
    ? `event is none of ${callEventKinds.join(', ')}`
    : `${name} is posted as ${instead}`;
}
