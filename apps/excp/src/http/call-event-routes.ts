import { bearerAuth, crashPoint } from '@exrec/service-kit';
import { Router, type Request, type RequestHandler } from 'express';
import { readCallEvents } from '../collect/index.js';
import { appendCounted, refuseUseless, type CollectRoutesOptions } from './metadata-routes.js';
import { bytesOf, rawBody } from './raw-body.js';

/**
 * The feed of call events (docs/design/CONTRACTS.md#22-call-events).
 * @param tokens those that count now; none: anybody may post, and the operator is warned about that
 */
export function callEventRoutes(
  options: CollectRoutesOptions,
  tokens: () => readonly string[],
): Router {
  const { metrics } = options;
  const hasToken = bearerAuth(tokens);
  const mayPost: RequestHandler = (request, response, next) => {
    if (tokens().length === 0) next();
    else hasToken(request, response, next);
  };
  const router = Router();
  router.post('/call-events', mayPost, rawBody('5mb'), async (request, response) => {
    const reading = readCallEvents(bytesOf(request), formOf(request));
    metrics.callEvents('rejected', reading.rejected.length);
    refuseUseless(reading, 'the call events');
    const entries = reading.accepted.map((event) => ({ kind: 'event' as const, event }));
    const statuses = await appendCounted(options, entries);
    crashPoint('after-redis-write');
    for (const status of statuses) metrics.callEvents(status);
    const duplicates = statuses.filter((status) => status === 'duplicate').length;
    response.status(202).json({
      accepted: statuses.length - duplicates,
      duplicates,
      rejected: reading.rejected.map(({ index, reason }) => ({ index, reason })),
    });
  });
  return router;
}

function formOf(request: Request): 'json' | 'ndjson' {
  const type = request.headers['content-type'] ?? '';
  return /^application\/(x-)?ndjson\b/i.test(type) ? 'ndjson' : 'json';
}
