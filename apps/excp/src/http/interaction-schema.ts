import * as z from 'zod';
import { deliveryStates } from '../decision/delivery-record.js';
import { callEventKinds, partyStates, partyTypes } from '../interaction/index.js';

/**
 * `open`: not over; `ended`: something is still to be sent; `finished`: nothing more happens by itself; `held`: what is
 * kept of it cannot be read as a whole, so nothing is decided about it.
 */
export const interactionStates = ['open', 'ended', 'finished', 'held'] as const;

const text = z.string().nullable();
const time = z.iso.datetime().nullable();
const data = z.record(z.string(), z.unknown());
/** As they are kept: what of them is not known is left out. */
const presence = z.object({ callUUID: z.string(), dn: z.string(), ordinal: z.int() });
const visit = z.object({ callUUID: z.string(), queue: z.string(), number: z.int() });

export const scopeSchema = z.object({ inScope: z.boolean(), rule: z.string() });

export const staDecisionSchema = z.object({
  requested: z.boolean(),
  programId: z.string().optional(),
  language: z.string().optional(),
  reason: z.string().optional(),
  queue: z.object({ name: z.string(), id: text }).nullable(),
  trail: z.array(z.object({ rule: z.string(), value: z.string().optional() })),
});

const shownStates = [
  'collected',
  ...deliveryStates.filter((state) => state !== 'sending'),
] as const;
const summaryShape = {
  interactionId: z.string(),
  state: z.enum(interactionStates),
  heldBy: z.enum(['archive-damaged', 'entry-unreadable']).nullable(),
  startedAt: time,
  endedAt: time,
  endedBy: text,
  flags: z.array(z.string()),
};

/** An interaction in a list. */
export const interactionSummarySchema = z.object({
  ...summaryShape,
  calls: z.int(),
  segments: z.array(
    z.object({ mediaId: z.string(), recordingId: z.string(), state: z.enum(shownStates) }),
  ),
});

const callSchema = z.object({
  callUUID: z.string(),
  knownBy: z.enum(['events', 'parent', 'segments']),
  parentCallUUID: z.string().optional(),
  callType: z.string().optional(),
  ani: z.string().optional(),
  dnis: z.string().optional(),
  releasedBy: z.string().optional(),
  startedAt: time,
  deletedAt: time,
});

const partySchema = presence.extend({
  partyType: z.enum(partyTypes),
  agentId: z.string().optional(),
  releasedBy: z.string().optional(),
  deliveredBy: visit.optional().describe('the visit to a queue that brought the call'),
  continues: presence.optional(),
  originationQueue: z.string().optional(),
  addedAt: time,
  establishedAt: time,
  goneAt: time,
  intervals: z.array(z.object({ state: z.enum(partyStates), from: time, to: time })),
});

const segmentSchema = z.object({
  mediaId: z.string(),
  recordingId: z.string(),
  source: z.enum(['mcp', 'rws']),
  callUUID: z.string(),
  startTime: time,
  stopTime: time,
  durationMs: z.number(),
  sizeBytes: z.int().nullable(),
  recordedParty: z.enum(['agent', 'trunk']).nullable(),
  party: presence
    .extend({
      agentId: text,
      gcUserId: text,
      answeredAt: time,
      basis: z.enum(['call-events', 'event-history', 'metadata']),
      ambiguous: z.boolean(),
      candidates: z.array(presence.extend({ overlapMs: z.number() })),
    })
    .nullable(),
  communicationId: text,
  conversationId: text,
  flags: z.array(z.string()),
  queue: text,
  language: text,
  scope: scopeSchema.nullable(),
  sta: staDecisionSchema.nullable(),
  dispatch: z.object({
    state: z.enum(shownStates),
    since: time,
    attempts: z.int(),
    cause: text,
    detail: text,
    nextTryAt: time,
  }),
});

const conversationSchema = z.object({
  conversationId: z.string(),
  interactionId: z.string(),
  complete: z.boolean(),
  legs: z.array(
    z.object({
      communicationId: z.string(),
      callUUID: z.string(),
      place: z.string(),
      number: z.int(),
      kind: text,
      startedAt: time,
      ended: z.boolean(),
      gap: z.boolean(),
    }),
  ),
  events: z.array(
    z.object({
      index: z.string(),
      leg: z.int().nullable(),
      kind: z.string(),
      time,
      state: z.enum(['planned', 'sent', 'taken', 'refused', 'dropped']),
      message: text,
    }),
  ),
});

/** An interaction by itself; numbers and attached data are whole for admins only. */
export const interactionSchema = z.object({
  ...summaryShape,
  direction: z.enum(['inbound', 'outbound', 'internal']),
  ani: text,
  dnis: text,
  lastSeenAt: time,
  metadataPull: z
    .object({
      state: z.enum(['pending', 'complete', 'missing']),
      attempts: z.int(),
      cause: text,
      nextTryAt: time,
    })
    .nullable(),
  calls: z.array(callSchema),
  parties: z.array(partySchema),
  queueVisits: z.array(
    visit.extend({
      outcome: z.enum(['waiting', 'diverted', 'abandoned']),
      divertedTo: z.string().optional(),
      enteredAt: time,
      leftAt: time,
    }),
  ),
  participants: z.unknown(),
  userData: z.array(z.object({ at: time, callUUID: z.string(), changes: data })),
  conversations: z.array(conversationSchema),
  segments: z.array(segmentSchema),
  events: z
    .array(z.looseObject({ time, event: z.enum(callEventKinds) }))
    .describe('as they were taken, in the order in which they apply'),
});

type Frozen<T> = T extends readonly (infer Item)[]
  ? readonly Frozen<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Frozen<T[Key]> }
    : T;

export type InteractionState = (typeof interactionStates)[number];
export type InteractionSummary = Frozen<z.infer<typeof interactionSummarySchema>>;
export type InteractionView = Frozen<z.infer<typeof interactionSchema>>;
export type SegmentView = InteractionView['segments'][number];
