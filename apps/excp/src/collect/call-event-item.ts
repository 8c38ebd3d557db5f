import { hash } from 'node:crypto';
import * as z from 'zod';
import {
  callEventKinds,
  callTypes,
  canonicalJson,
  isJsonObject,
  ownValue,
  parseTime,
  partyStates,
  partyTypes,
  type CallEvent,
  type JsonObject,
  type JsonValue,
} from '../interaction/index.js';
import { isCallUUID, sameCall } from './call-uuid.js';
import type { FieldFault } from './rejection.js';

export type CallEventReading =
  | { readonly ok: true; readonly event: CallEvent }
  | { readonly ok: false; readonly fault: FieldFault };

/** Attached data of a call is some ten KiB at most. */
const maxEventChars = 64 * 1024;

/** A JSON number above 2^53 has lost its last digits: two different ones would become the same text. */
const isExactNumber = (value: JsonValue): value is number =>
  typeof value === 'number' && Math.abs(value) <= Number.MAX_SAFE_INTEGER;
const shortText = z
  .string()
  .trim()
  .regex(/^\P{Cc}{1,255}$/u)
  .optional();
const callUUID = z.string().trim().refine(isCallUUID).transform(sameCall);
const time = z.string().transform((text, context) => {
  const timeMs = parseTime(text);
  if (timeMs !== undefined) return timeMs;
  context.addIssue({ code: 'custom', message: 'not a time' });
  return z.NEVER;
});

const fields = z.object({
  eventId: shortText,
  event: z.enum(callEventKinds),
  time,
  callUUID,
  connID: shortText,
  callType: z.enum(callTypes).optional(),
  parentCallUUID: callUUID.optional(),
  ani: shortText,
  dnis: shortText,
  thisDN: shortText,
  thisQueue: shortText,
  thirdPartyDN: shortText,
  ctrlParty: shortText,
  agentId: shortText,
  partyType: z.enum(partyTypes).optional(),
  partyState: z.enum(partyStates).optional(),
  userData: z.custom<JsonObject>(isJsonObject).optional(),
});

/** The fields that are known; all others are left out. */
export const callEventFields: readonly string[] = Object.keys(fields.shape);
const shortTexts: ReadonlySet<string> = new Set(
  Object.entries(fields.shape).flatMap(([name, schema]) => (schema === shortText ? [name] : [])),
);

/** What makes an event of this kind mean something: one of these fields must be there. */
const neededFields: Readonly<Record<CallEvent['event'], readonly (keyof CallEvent)[]>> = {
  EventCallCreated: [],
  EventCallDataChanged: ['userData'],
  EventQueued: ['thisQueue', 'thisDN'],
  EventDiverted: ['thisQueue', 'thisDN'],
  EventCallPartyAdded: ['thisDN'],
  EventCallPartyState: ['thisDN'],
  EventCallPartyDeleted: ['thisDN'],
  EventUserEvent: ['userData'],
  EventCallDeleted: [],
  EventAbandoned: ['thisQueue', 'thisDN'],
};

/**
 * Reads one call event (docs/design/CONTRACTS.md#22-call-events). Absent, null and empty fields are absent, unknown ones are left out.
 * Without an `eventId` it is derived from the known content, whatever the order of the keys, so that
 * both EXCPs of a pair give one event one id.
 */
export function readCallEvent(item: JsonValue): CallEventReading {
  if (!isJsonObject(item)) return faulty('', 'is not an object');
  const reading = fields.safeParse(knownIn(item));
  if (!reading.success) {
    const field = String(reading.error.issues[0]?.path[0] ?? '');
    const value = ownValue(item, field);
    if (typeof value === 'number' && !isExactNumber(value))
      return faulty(field, 'is a number too large to be exact, it has to be text');
    return faulty(field, value === undefined ? 'is missing' : 'is not a valid value');
  }
  const { time: timeMs, eventId, ...rest } = reading.data;
  const needed = neededFields[rest.event];
  if (needed.length > 0 && needed.every((name) => rest[name as keyof typeof rest] === undefined)) {
    return faulty(needed[0] ?? '', `is missing, which ${rest.event} needs`);
  }
  if (rest.event === 'EventCallPartyState' && rest.partyState === undefined) {
    return faulty('partyState', 'is missing, which EventCallPartyState needs');
  }
  const content = { timeMs, ...rest };
  const text = canonicalJson(content);
  if (text.length > maxEventChars)
    return faulty('userData', `is larger than ${maxEventChars} characters`);
  return { ok: true, event: { eventId: eventId ?? eventIdOf(text), ...content } };
}

/** What of the fields that are known has something in it, short texts that came as numbers as texts. */
function knownIn(item: JsonObject): JsonObject {
  const known: Record<string, JsonValue> = {};
  for (const name of callEventFields) {
    const value = ownValue(item, name);
    if (value === undefined || value === null || value === '') continue;
    known[name] = isExactNumber(value) && shortTexts.has(name) ? String(value) : value;
  }
  return known;
}

/** Short, because every event of every call is kept with it: 128 bits of SHA-256. */
function eventIdOf(content: string): string {
  return hash('sha256', content, 'buffer').subarray(0, 16).toString('base64url');
}

function faulty(field: string, reason: string): CallEventReading {
  const isWhole = field === '';
  return {
    ok: false,
    fault: { pointer: isWhole ? '' : `/${field}`, reason: isWhole ? reason : `${field} ${reason}` },
  };
}
