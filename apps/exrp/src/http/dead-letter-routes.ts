import { callerOf, HttpProblem, route, type Route } from '@exrec/service-kit';
import * as z from 'zod';
import { hasMetadata, type Injections } from '../injection/injections.js';
import { isReadable } from '../injection/store/injection-reader.js';
import type { InjectionStore } from '../injection/store/injection-store.js';
import type { InjectionAccess } from './access.js';
import { found, standingSchema } from './injection-routes.js';

export type DeadLetterRoutesOptions = {
  readonly injections: Injections;
  readonly store: InjectionStore;
  readonly access: InjectionAccess;
};

/** Who it is, the token says: a `by` in the body is passed over (docs/design/CONTRACTS.md#12-who-may-do-what). */
const orderSchema = z.object({
  why: z.string().max(500).default(''),
});
const massOrderSchema = orderSchema.extend({
  cause: z.string().min(1).max(64),
  limit: z.int().min(1).max(100_000).default(1_000),
  perMinute: z.number().positive().default(600),
});
const countsSchema = z.record(z.string(), z.int());

/** What an operator does about recordings that do not move on: count them by cause, take them back (docs/design/CONTRACTS.md#32-states). */
export function deadLetterRoutes(options: DeadLetterRoutesOptions): readonly Route[] {
  const { injections, store, access } = options;
  return [
    route({
      method: 'get',
      path: '/api/v1/injections/counts',
      summary: 'How many injections are in which state, and which causes hold them up',
      access: access.mayRead,
      answers: {
        200: {
          description: 'states and causes',
          schema: z.object({
            states: countsSchema,
            causes: z.object({ waiting: countsSchema, failed: countsSchema }),
          }),
        },
      },
      answer: async () => {
        const [states, waiting, failed] = await Promise.all([
          store.countByState(),
          store.countByCause('waiting'),
          store.countByCause('failed'),
        ]);
        return { body: { states, causes: { waiting, failed } } };
      },
    }),
    route({
      method: 'post',
      path: '/api/v1/injections/requeue',
      summary: 'Take the dead letters of one cause back into the queue (operator)',
      access: access.mayOperate,
      body: { schema: massOrderSchema, limit: '16kb' },
      answers: {
        202: { description: 'how many', schema: z.object({ requeued: z.int() }) },
      },
      answer: async ({ body, response }) => {
        const order = { ...body, by: callerOf(response).name };
        return { status: 202, body: { requeued: await injections.requeueAll(order) } };
      },
    }),
    route({
      method: 'post',
      path: '/api/v1/injections/:recordingId/requeue',
      summary: 'Take one dead letter back into the queue (operator)',
      access: access.mayOperate,
      body: { schema: orderSchema, limit: '16kb' },
      answers: { 202: { description: 'queued', schema: standingSchema } },
      refusals: [404, 409],
      answer: async ({ param, body, response }) => {
        const injection = await found(store, param('recordingId'));
        if (!isReadable(injection)) {
          const isSmall = 'isSmall' in injection;
          const detail = isSmall ? 'the injection is confirmed' : 'the record cannot be read';
          throw new HttpProblem(409, { detail });
        }
        if (!hasMetadata(injection)) {
          const detail = 'its audio and metadata are gone: EXCP has to send it again';
          throw new HttpProblem(409, { detail });
        }
        const order = { ...body, by: callerOf(response).name };
        if (!(await injections.requeue(injection, order)))
          throw new HttpProblem(409, { detail: `the injection is ${injection.state}` });
        return { status: 202, body: { recordingId: injection.recordingId, state: 'queued' } };
      },
    }),
  ];
}
