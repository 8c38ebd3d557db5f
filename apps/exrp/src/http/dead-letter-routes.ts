import { callerOf, HttpProblem } from '@exrec/service-kit';
import { Router } from 'express';
import * as z from 'zod';
import type { Injections } from '../injection/injections.js';
import type { InjectionStore } from '../injection/store/injection-store.js';
import type { InjectionAccess } from './access.js';
import { found } from './injection-routes.js';
import { jsonBody, readWith } from './json-body.js';

export type DeadLetterRoutesOptions = {
  readonly injections: Injections;
  readonly store: InjectionStore;
  readonly access: InjectionAccess;
};

/** Who it is, the token says: a `by` in the body is passed over (CONTRACTS 12). */
const orderSchema = z.object({
  why: z.string().max(500).default(''),
});
const massOrderSchema = orderSchema.extend({
  cause: z.string().min(1).max(64),
  limit: z.int().min(1).max(100_000).default(1_000),
  perMinute: z.number().positive().default(600),
});

/** What an operator does about recordings that do not move on: count them by cause, take them back (CONTRACTS 3.2). */
export function deadLetterRoutes({ injections, store, access }: DeadLetterRoutesOptions): Router {
  const router = Router();
  const body = jsonBody('16kb');

  router.get('/injections/counts', access.mayRead, async (_request, response) => {
    const [states, waiting, failed] = await Promise.all([
      store.countByState(),
      store.countByCause('waiting'),
      store.countByCause('failed'),
    ]);
    response.json({ states, causes: { waiting, failed } });
  });

  router.post('/injections/requeue', access.mayOperate, ...body, async (request, response) => {
    const order = readWith(massOrderSchema, request.body);
    const requeued = await injections.requeueAll({ ...order, by: callerOf(response).name });
    response.status(202).json({ requeued });
  });

  router.post(
    '/injections/:recordingId/requeue',
    access.mayOperate,
    ...body,
    async (request, response) => {
      const injection = await found(store, String(request.params.recordingId));
      const order = { ...readWith(orderSchema, request.body), by: callerOf(response).name };
      if (!(await injections.requeue(injection, order))) {
        throw new HttpProblem(409, { detail: `the injection is ${injection.state}` });
      }
      response.status(202).json({ recordingId: injection.recordingId, state: 'queued' });
    },
  );
  return router;
}
