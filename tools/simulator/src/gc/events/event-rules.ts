import * as z from 'zod';

/** How GC treats events; set by the fault target `gc.events` (docs/design/CONVERSATIONS.md#61-what-it-should-refuse). */
export const eventRulesSchema = z.strictObject({
  /** GC as a bus: every event is answered as taken, and only `/simulator/conversations` knows better. */
  acceptAll: z.boolean().default(false),
  /** Events older than this are refused; null: of any age. */
  maxAgeHours: z.number().positive().nullable().default(null),
  /** Nothing is taken for a conversation that was complete when the request came. */
  refuseAfterEnd: z.boolean().default(false),
  /** Most events of one request; null: any number. */
  eventsPerRequest: z.int().positive().nullable().default(null),
  /** Errors for the next events that match. */
  eventError: z
    .strictObject({
      /** Name of the array; left out: any. */
      kind: z.string().optional(),
      conversationId: z.string().optional(),
      message: z.string().default('ordered'),
      retryable: z.boolean().default(false),
      /** Whether the answer names the event. */
      named: z.boolean().default(true),
      /** 0: until cleared. */
      times: z.int().nonnegative().default(1),
    })
    .optional(),
});

export type EventRules = z.output<typeof eventRulesSchema>;
export type EventErrorOrder = NonNullable<EventRules['eventError']>;
