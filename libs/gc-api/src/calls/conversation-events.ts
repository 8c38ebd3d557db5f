import * as z from 'zod';
import { cleanMessage } from '../outcome/error-body.js';
import type { CallOptions, GcSession } from '../request/gc-request.js';

/** One event; `eventId` is derived, so sending it again does no harm (CONTRACTS 1). */
export type ConversationEvent = {
  readonly eventId: string;
  /** ISO time. */
  readonly eventDateTime: string;
  readonly conversationId: string;
  readonly communicationId?: string;
  readonly [field: string]: unknown;
};

/** Events by kind, e.g. `userEstablishedEvents`, `communicationEndedEvents` [F 4.7]. */
export type ConversationEventBatch = Readonly<Record<string, readonly ConversationEvent[]>>;

export type ConversationEventError = {
  readonly eventId: string;
  readonly message: string;
  /** Whether GC would take the same event later. */
  readonly retryable: boolean;
};

const answerShape = z.object({
  errors: z
    .array(
      z.object({
        eventId: z.string().nullish(),
        message: z.string().nullish(),
        retryable: z.boolean().nullish(),
      }),
    )
    .nullish(),
});

/** `request.bytes.max` is 512,000 [F 5.2]; we stay below it with some room. */
export const maxBatchBytes = 500_000;

type Sized = { readonly kind: string; readonly event: ConversationEvent; readonly bytes: number };

/**
 * Injects the events, oldest first, in as many requests as GC's size limit needs [F 4.7].
 * As urgent as uploads: GC holds a recording until its conversation is there (our choice).
 * @returns what GC refused, and events that are too long by themselves
 * @throws Failure when a request fails; earlier parts have been taken then, and the whole batch may
 *   be sent again
 */
export async function injectConversationEvents(
  session: GcSession,
  batch: ConversationEventBatch,
  { signal }: CallOptions = {},
): Promise<ConversationEventError[]> {
  const { parts, tooLong } = splitBatch(batch);
  const errors = tooLong.map(({ eventId }) => ({
    eventId,
    message: 'the event is longer than a request may be',
    retryable: false,
  }));
  for (const body of parts) {
    const answer = await session.call({
      kind: 'upload',
      method: 'POST',
      template: '/api/v2/events/conversations',
      body,
      shape: answerShape,
      signal,
    });
    for (const { eventId, message, retryable } of answer.errors ?? []) {
      const text = cleanMessage(message ?? '');
      errors.push({ eventId: eventId ?? '', message: text, retryable: retryable ?? false });
    }
  }
  return errors;
}

/** Parts of at most `maxBytes` each, in the order of time; a part is never empty. */
export function splitBatch(
  batch: ConversationEventBatch,
  maxBytes = maxBatchBytes,
): { parts: ConversationEventBatch[]; tooLong: ConversationEvent[] } {
  const parts: Record<string, ConversationEvent[]>[] = [];
  const tooLong: ConversationEvent[] = [];
  let bytesLeft = 0;
  for (const { kind, event, bytes } of inOrderOfTime(batch)) {
    if (bytes > maxBytes - 2) {
      tooLong.push(event);
      continue;
    }
    if (bytes > bytesLeft) {
      parts.push({});
      bytesLeft = maxBytes - 2;
    }
    const part = parts.at(-1) ?? {};
    (part[kind] ??= []).push(event);
    bytesLeft -= bytes;
  }
  return { parts, tooLong };
}

function inOrderOfTime(batch: ConversationEventBatch): Sized[] {
  const all = Object.entries(batch).flatMap(([kind, events]) =>
    events.map((event) => ({ kind, event, bytes: sizeOf(kind, event) })),
  );
  return all.toSorted(
    (a, b) => Date.parse(a.event.eventDateTime) - Date.parse(b.event.eventDateTime),
  );
}

/** An upper bound: the event with a comma, and its array's name, colon, brackets and comma. */
function sizeOf(kind: string, event: ConversationEvent): number {
  return Buffer.byteLength(JSON.stringify(event)) + 1 + Buffer.byteLength(kind) + 6;
}
