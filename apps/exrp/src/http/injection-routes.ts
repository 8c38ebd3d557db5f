import { gcMetadataJsonSchema } from '@exrec/gc-metadata';
import { bearerAuth, HttpProblem } from '@exrec/service-kit';
import { Router, type RequestHandler } from 'express';
import { z } from 'zod';
import type { Injections } from '../injection/injections.js';
import { injectionStates, type Injection } from '../injection/states/injection.js';
import type { InjectionStore, PageQuery } from '../injection/store/injection-store.js';
import type { InjectionMetrics } from '../injection/worker/injection-metrics.js';
import { readInjectionRequest } from './injection-request.js';
import { injectionView } from './injection-view.js';
import { jsonBody } from './json-body.js';

export type InjectionRoutesOptions = {
  readonly injections: Injections;
  readonly store: InjectionStore;
  readonly metrics: InjectionMetrics;
  /** Without it the API is open; the settings allow that on loopback only. */
  readonly apiToken: string | undefined;
  /** Without it the admin calls are off. */
  readonly adminToken: string | undefined;
};

/** The injection API (CONTRACTS 3.1, 3.2, 9.14). */
export function injectionRoutes(options: InjectionRoutesOptions): Router {
  const { injections, store, metrics, apiToken, adminToken } = options;
  const openAccess: RequestHandler = (_request, _response, next) => next();
  const mayInject = apiToken === undefined ? openAccess : bearerAuth([apiToken]);
  const mayRead = apiToken === undefined ? openAccess : bearerAuth([apiToken, adminToken]);
  const mayAdminister = bearerAuth([adminToken]);
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

  router.post(
    '/injections/:recordingId/requeue',
    mayAdminister,
    ...jsonBody('16kb'),
    async (request, response) => {
      const injection = await found(store, String(request.params.recordingId));
      const { why } = readBody(reasonSchema, request.body);
      const requeued = await injections.requeue(injection, { by: 'admin', why });
      if (!requeued) throw new HttpProblem(409, { detail: `the injection is ${injection.state}` });
      response.status(202).json({ recordingId: injection.recordingId, state: 'queued' });
    },
  );

  router.post(
    '/injections/requeue',
    mayAdminister,
    ...jsonBody('16kb'),
    async (request, response) => {
      const { cause, limit, why } = readBody(requeueSchema, request.body);
      const { items } = await store.page({ states: ['failed'], cause, limit });
      let requeued = 0;
      for (const injection of items) {
        if (await injections.requeue(injection, { by: 'admin', why })) requeued += 1;
      }
      response.status(202).json({ requeued });
    },
  );
  return router;
}

const reasonSchema = z.object({ why: z.string().max(500).default('') });
const requeueSchema = reasonSchema.extend({
  cause: z.string().min(1).max(64),
  limit: z.int().min(1).max(10_000).default(1_000),
});
const pageQuerySchema = z.object({
  state: z.enum(injectionStates).optional(),
  cause: z.string().max(64).optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
  cursor: z.string().max(200).optional(),
});

function readPageQuery(query: unknown): PageQuery {
  const { state, cause, limit, cursor } = readBody(pageQuerySchema, query);
  return {
    states: state === undefined ? injectionStates : [state],
    limit,
    ...(cause === undefined ? {} : { cause }),
    ...(cursor === undefined ? {} : { cursor }),
  };
}

function readBody<T extends z.ZodType>(schema: T, body: unknown): z.infer<T> {
  const parsed = schema.safeParse(body ?? {});
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map(({ path, message }) => ({
    pointer: path.map((part) => `/${String(part)}`).join(''),
    detail: message,
  }));
  throw new HttpProblem(400, { errors });
}

async function found(store: InjectionStore, recordingId: string): Promise<Injection> {
  const injection = await store.get(recordingId);
  if (injection === undefined) throw new HttpProblem(404, { detail: 'no such recording' });
  return injection;
}

function refuseCursor(error: unknown): never {
  if (error instanceof RangeError)
    throw new HttpProblem(400, { detail: 'the cursor is not valid' });
  throw error;
}
