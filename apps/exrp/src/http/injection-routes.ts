import { gcMetadataJsonSchema, injectionRequestSchema } from '@exrec/gc-metadata';
import { HttpProblem, pageOf, pageQuery, route, type Route } from '@exrec/service-kit';
import * as z from 'zod';
import type { Injections } from '../injection/injections.js';
import { injectionStates } from '../injection/states/injection.js';
import { isReadable, type FoundInjection } from '../injection/store/injection-reader.js';
import type { InjectionStore } from '../injection/store/injection-store.js';
import type { InjectionMetrics } from '../injection/worker/injection-metrics.js';
import type { InjectionAccess } from './access.js';
import { readInjectionRequest } from './injection-request.js';
import { injectionSchema, injectionView, smallView, unreadableView } from './injection-view.js';

export type InjectionRoutesOptions = {
  readonly injections: Injections;
  readonly store: InjectionStore;
  readonly metrics: InjectionMetrics;
  readonly access: InjectionAccess;
};

/** Where a recording stands, as the calls answer that change it. */
export const standingSchema = z.object({
  recordingId: z.string(),
  state: z.enum(injectionStates),
});

/** The injection API (docs/design/CONTRACTS.md#31-request, docs/design/CONTRACTS.md#32-states, docs/design/CONTRACTS.md#9-clarifications (14)). */
export function injectionRoutes(options: InjectionRoutesOptions): readonly Route[] {
  return [injectRoute(options), ...readingRoutes(options)];
}

function injectRoute({ injections, metrics, access }: InjectionRoutesOptions): Route {
  return route({
    method: 'post',
    path: '/api/v1/injections',
    summary: 'Inject one recording',
    access: access.mayInject,
    body: { schema: injectionRequestSchema, limit: '1mb' },
    answers: {
      202: { description: 'accepted: Redis has it', schema: standingSchema },
      200: { description: 'known already', schema: standingSchema },
    },
    answer: async ({ body }) => {
      const accepted = readInjectionRequest(body);
      const { isNew, state } = await injections.accept(accepted);
      if (isNew) metrics.accepted();
      const { recordingId } = accepted;
      return {
        status: isNew ? 202 : 200,
        headers: { location: `/api/v1/injections/${recordingId}` },
        body: { recordingId, state },
      };
    },
  });
}

const listQuery = pageQuery({ default: 100, max: 1_000 }).extend({
  state: z.enum(injectionStates).optional(),
  cause: z.string().max(64).optional(),
});

function readingRoutes({ store, access }: InjectionRoutesOptions): readonly Route[] {
  return [
    route({
      method: 'get',
      path: '/api/v1/injections',
      summary: 'List injections, state after state, by time of acceptance',
      access: access.mayRead,
      query: listQuery,
      answers: { 200: { description: 'a page', schema: pageOf(injectionSchema) } },
      answer: async ({ query: { state, limit, cause, cursor } }) => {
        const { items, nextCursor } = await store
          .page({
            states: state === undefined ? injectionStates : [state],
            limit,
            ...(cause === undefined ? {} : { cause }),
            ...(cursor === undefined ? {} : { cursor }),
          })
          .catch(refuseCursor);
        return { body: { items: items.map(viewOf), nextCursor } };
      },
    }),
    route({
      method: 'get',
      path: '/api/v1/injections/:recordingId',
      summary: 'One injection: state, cause, attempts, sizes, digests, key',
      access: access.mayRead,
      answers: { 200: { description: 'the injection', schema: injectionSchema } },
      refusals: [404],
      answer: async ({ param }) => ({
        body: viewOf(await found(store, param('recordingId'))),
      }),
    }),
    route({
      method: 'get',
      path: '/api/v1/schemas/gc-metadata',
      summary: 'JSON Schema of GC-metadata',
      access: access.mayRead,
      answers: { 200: { description: 'the schema', type: 'application/schema+json' } },
      answer: () => ({
        headers: { 'content-type': 'application/schema+json' },
        body: gcMetadataJsonSchema,
      }),
    }),
  ];
}

/** @throws HttpProblem 404 */
export async function found(store: InjectionStore, recordingId: string): Promise<FoundInjection> {
  const injection = await store.find(recordingId);
  if (injection === undefined) throw new HttpProblem(404, { detail: 'no such recording' });
  return injection;
}

function viewOf(injection: FoundInjection) {
  if (isReadable(injection)) return injectionView(injection);
  return 'isSmall' in injection ? smallView(injection) : unreadableView(injection);
}

function refuseCursor(error: unknown): never {
  if (error instanceof RangeError)
    throw new HttpProblem(400, { detail: 'the cursor is not valid' });
  throw error;
}
