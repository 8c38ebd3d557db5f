import { HttpProblem } from '@exrec/service-kit';
import { Router } from 'express';
import * as z from 'zod';
import type { Injections } from '../injection/injections.js';
import type { InjectionStore } from '../injection/store/injection-store.js';
import type { Access } from './access.js';
import { found } from './injection-routes.js';
import { jsonBody, readWith } from './json-body.js';

export type DeadLetterRoutesOptions = {
  readonly injections: Injections;
  readonly store: InjectionStore;
  readonly access: Access;
};

const orderSchema = z.object({
  by: z.string().min(1).max(100).default('admin'),
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

  router.post('/injections/requeue', access.mayAdminister, ...body, async (request, response) => {
    const requeued = await injections.requeueAll(readWith(massOrderSchema, request.body));
    response.status(202).json({ requeued });
  });

  router.post(
    '/injections/:recordingId/requeue',
    access.mayAdminister,
    ...body,
    async (request, response) => {
      const injection = await found(store, String(request.params.recordingId));
      if (!(await injections.requeue(injection, readWith(orderSchema, request.body)))) {
        throw new HttpProblem(409, { detail: `the injection is ${injection.state}` });
      }
      response.status(202).json({ recordingId: injection.recordingId, state: 'queued' });
    },
  );
  return router;
}
