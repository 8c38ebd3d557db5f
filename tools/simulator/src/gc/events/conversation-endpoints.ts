import * as z from 'zod';
import { ok, type Call, type Endpoint } from '../http/endpoint.js';
import { GcError } from '../http/gc-error.js';
import { parseJsonBody } from '../http/read-body.js';
import type { Conversation } from './conversation.js';
import type { ConversationEvents } from './conversation-events.js';
import { analyticsEntity, conversationEntity } from './conversation-view.js';

const detailsQuerySchema = z.looseObject({
  interval: z.string(),
  conversationFilters: z
    .array(
      z.looseObject({
        predicates: z
          .array(z.looseObject({ dimension: z.string().optional(), value: z.string().optional() }))
          .default([]),
      }),
    )
    .default([]),
});

/** Conversations as GC's own readers see them (docs/design/CONVERSATIONS.md#64-official-sdk-calls-that-verify-it). */
export function conversationEndpoints(conversations: ConversationEvents): readonly Endpoint[] {
  const found = (call: Call): Conversation => {
    const conversation = conversations.find(call.params.conversationId ?? '');
    if (conversation === undefined || conversation.legs.size === 0)
      throw new GcError(404, 'not.found', 'The requested conversation was not found.');
    return conversation;
  };
  return [
    {
      target: 'gc.conversation',
      method: 'GET',
      path: '/api/v2/conversations/:conversationId',
      permission: 'conversation:communication:view',
      handle: (call) => ok(conversationEntity(found(call))),
    },
    {
      target: 'gc.analytics.details',
      method: 'GET',
      path: '/api/v2/analytics/conversations/:conversationId/details',
      permission: 'analytics:conversationDetail:view',
      handle: (call) => ok(analyticsEntity(found(call))),
    },
    {
      target: 'gc.analytics.query',
      method: 'POST',
      path: '/api/v2/analytics/conversations/details/query',
      permission: 'analytics:conversationDetail:view',
      handle: (call) => {
        const { conversationFilters } = parseJsonBody(call, detailsQuerySchema);
        const tags = conversationFilters
          .flatMap(({ predicates }) => predicates)
          .flatMap(({ dimension, value }) => (dimension === 'externalTag' && value ? [value] : []));
        const hits = conversations
          .list()
          .filter(({ externalTag: tag }) => tag !== undefined && tags.includes(tag));
        return ok({ conversations: hits.map(analyticsEntity), totalHits: hits.length });
      },
    },
  ];
}
