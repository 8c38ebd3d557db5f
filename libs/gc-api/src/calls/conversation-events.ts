import { Failure } from '@exrec/service-kit';
import * as z from 'zod';
import { cleanMessage } from '../outcome/error-body.js';
import type { CallOptions, GcSession } from '../request/gc-request.js';

/** One event; `eventId` is derived, so sending it again does no harm (docs/design/CONTRACTS.md#1-words). */
export type ConversationEvent = {
  readonly eventId: string;
  /** ISO time. */
  readonly eventDateTime: string;
  readonly conversationId: string;
  readonly communicationId?: string;
  readonly [field: string]: unknown;
};

/** Events by kind, e.g. `userEstablishedEvents`, `communicationEndedEvents` (docs/reference/genesys-facts.md#47-conversation-injection-what-excp-sends-to-gc). */
export type ConversationEventBatch = Readonly<Record<string, readonly ConversationEvent[]>>;

export type ConversationEventError = {
  /** '' when GC does not say which event it is about. */
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

/** `request.bytes.max` is 512,000 (docs/reference/genesys-facts.md#52-rate-limits-and-retry); we stay below it with some room. */
export const maxBatchBytes = 500_000;

export type InjectOptions = CallOptions & {
  /** The rate budget has granted the request. */
  readonly onGranted?: () => void;
};

/**
 * Injects the events in one request (docs/reference/genesys-facts.md#47-conversation-injection-what-excp-sends-to-gc); it must not be longer than `maxBatchBytes`. Ahead of uploads: one request
 * carries many events, an upload one recording.
 * @returns what GC refused
 * @throws Failure when the request fails: what became of its events is not known then, unless `refusesContent`
 */
export async function injectConversationEvents(
  session: GcSession,
  batch: ConversationEventBatch,
  { signal, onGranted }: InjectOptions = {},
): Promise<ConversationEventError[]> {
  const answer = await session.call({
    kind: 'conversation',
    method: 'POST',
    template: '/api/v2/events/conversations',
    body: batch,
    shape: answerShape,
    signal,
    onGranted,
  });
  return (answer.errors ?? []).map(({ eventId, message, retryable }) => ({
    eventId: eventId ?? '',
    message: cleanMessage(message ?? ''),
    retryable: retryable ?? false,
  }));
}

/**
 * Whether GC has refused a request for what is in it, so that a smaller one may fare better: 400, 413 and 422. Others,
 * as a 404, are about the request itself.
 */
export function refusesContent(error: unknown): boolean {
  return (
    error instanceof Failure &&
    error.code === 'gc-rejected' &&
    / (?:400|413|422)\b/.test(error.detail ?? '')
  );
}
