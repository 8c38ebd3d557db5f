import { gcMetadataJsonSchema } from '@exrec/gc-metadata';
import { HttpProblem } from '@exrec/service-kit';
import { Router } from 'express';
import * as z from 'zod';
import type { Injections } from '../injection/injections.js';
import { injectionStates, type Injection } from '../injection/states/injection.js';
import type { InjectionStore, PageQuery } from '../injection/store/injection-store.js';
import type { InjectionMetrics } from '../injection/worker/injection-metrics.js';
import type { InjectionAccess } from './access.js';
import { readInjectionRequest } from './injection-request.js';
import { injectionView } from './injection-view.js';
import { jsonBody, readWith } from './json-body.js';

export type InjectionRoutesOptions = {
  readonly injections: Injections;
  readonly store: InjectionStore;
  readonly metrics: InjectionMetrics;
  readonly access: InjectionAccess;
};

/** The injection API (CONTRACTS 3.1, 3.2, 9.14). */
export function injectionRoutes(options: InjectionRoutesOptions): Router {
  const { injections, store, metrics } = options;
  const { mayInject, mayRead } = options.access;
  const router = Router();

  router.get('/schemas/gc-metadata', mayRead, (_request, response) => {
    response.type('application/schema+json').send(JSON.stringify(gcMetadataJsonSchema));
  });

  router.post('/injections', mayInject, ...jsonBody('1mb'), async (request, response) => {
    const accepted = readInjectionRequest(request.body);
    const { isNew, state } = await injections.accept(accepted);
    if (isNew) metrics.accepted();
    const { recordingId } = accepted;
    response
      .status(isNew ? 202 : 200)
      .location(`/api/v1/injections/${recordingId}`)
      .json({ recordingId, state });
  });

  router.get('/injections', mayRead, async (request, response) => {
    const { items, nextCursor } = await store
      .page(readPageQuery(request.query))
      .catch(refuseCursor);
    response.json({ items: items.map(injectionView), nextCursor });
  });

  router.get('/injections/:recordingId', mayRead, async (request, response) => {
    response.json(injectionView(await found(store, String(request.params.recordingId))));
  });
  return router;
}

const pageQuerySchema = z.object({
  state: z.enum(injectionStates).optional(),
  cause: z.string().max(64).optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
  cursor: z.string().max(200).optional(),
});

function readPageQuery(query: unknown): PageQuery {
  const { state, cause, limit, cursor } = readWith(pageQuerySchema, query);
  return {
    states: state === undefined ? injectionStates : [state],
    limit,
    ...(cause === undefined ? {} : { cause }),
    ...(cursor === undefined ? {} : { cursor }),
  };
}

/** @throws HttpProblem 404 */
export async function found(store: InjectionStore, recordingId: string): Promise<Injection> {
  const injection = await store.get(recordingId);
  if (injection === undefined) throw new HttpProblem(404, { detail: 'no such recording' });
  return injection;
}

function refuseCursor(error: unknown): never {
  if (error instanceof RangeError)
    throw new HttpProblem(400, { detail: 'the cursor is not valid' });
  throw error;
}
