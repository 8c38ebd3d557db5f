import { bearerAuth, crashPoint, route, type Route } from '@exrec/service-kit';
import type { Request, RequestHandler } from 'express';
import * as z from 'zod';
import { readCallEvents } from '../collect/index.js';
import { appendCounted, refuseUseless, type CollectRoutesOptions } from './metadata-routes.js';

export type CallEventRoutesOptions = CollectRoutesOptions & {
  /** Those that count now; none: anybody may post, and the operator is warned about that. */
  readonly eventTokens: () => readonly string[];
};

const answerSchema = z.object({
  accepted: z.int(),
  duplicates: z.int(),
  rejected: z.array(z.object({ index: z.int(), reason: z.string() })),
});

/** The feed of call events (docs/design/CONTRACTS.md#22-call-events). */
export function callEventRoutes(options: CallEventRoutesOptions): readonly Route[] {
  const { metrics, eventTokens } = options;
  const hasToken = bearerAuth(eventTokens);
  const mayPost: RequestHandler = (request, response, next) => {
    if (eventTokens().length === 0) next();
    else hasToken(request, response, next);
  };
  return [
    route<object, Uint8Array>({
      method: 'post',
      path: '/api/v1/call-events',
      summary: 'Call events of the T-Library feed',
      access: mayPost,
      body: {
        bytes: true,
        limit: '5mb',
        description: 'one event, an array, or lines; 5 MiB or 5,000 events at most',
        types: ['application/json', 'application/x-ndjson'],
      },
      answers: { 202: { description: 'Redis has them', schema: answerSchema } },
      answer: async ({ body, request }) => {
        const reading = readCallEvents(body, formOf(request));
        metrics.callEvents('rejected', reading.rejected.length);
        refuseUseless(reading, 'the call events');
        const entries = reading.accepted.map((event) => ({ kind: 'event' as const, event }));
        const statuses = await appendCounted(options, entries);
        crashPoint('after-redis-write');
        for (const status of statuses) metrics.callEvents(status);
        const duplicates = statuses.filter((status) => status === 'duplicate').length;
        return {
          status: 202,
          body: {
            accepted: statuses.length - duplicates,
            duplicates,
            rejected: reading.rejected.map(({ index, reason }) => ({ index, reason })),
          },
        };
      },
    }),
  ];
}

function formOf(request: Request): 'json' | 'ndjson' {
  const type = request.headers['content-type'] ?? '';
  return /^application\/(x-)?ndjson\b/i.test(type) ? 'ndjson' : 'json';
}
