import { setTimeout as sleep } from 'node:timers/promises';
import { HttpProblem, route, type Access, type Route, type RouteAnswer } from '@exrec/service-kit';
import * as z from 'zod';
import type { ReconciliationStore } from '../reconciliation/reconciliation-store.js';
import type { Reconciliations } from '../reconciliation/reconciliations.js';
import { reconciliationSchema } from '../reconciliation/tally.js';

export type ReconciliationRoutesOptions = {
  readonly reconciliations: Reconciliations;
  readonly reconciliationStore: ReconciliationStore;
  readonly access: Access;
};

/** Whoever asks waits this long for the result; a larger site's comes later, under `latest`. */
const patienceMs = 20_000;
const runningSchema = z.object({ running: z.boolean() });
const resultSchema = runningSchema.extend(reconciliationSchema.shape);
const isRunning: RouteAnswer = {
  status: 202,
  headers: { location: '/api/v1/reconciliations/latest' },
  body: { running: true },
};

/** Compares segments, recordings and audio files on demand, and shows the latest comparison. */
export function reconciliationRoutes(options: ReconciliationRoutesOptions): readonly Route[] {
  const { reconciliations, reconciliationStore: store, access } = options;
  return [
    route({
      method: 'post',
      path: '/api/v1/reconciliations',
      summary:
        'Compare segments, recordings and audio files now; what was never dispatched is sent',
      access: access.atLeast('operator'),
      answers: {
        200: { description: 'the result', schema: resultSchema },
        202: {
          description: 'it is running; the result comes under `latest`',
          schema: runningSchema,
        },
      },
      answer: async () => {
        const started = await reconciliations.start();
        if (started.kind === 'running') return isRunning;
        const result = await Promise.race([
          started.result,
          sleep(patienceMs, undefined, { ref: false }),
        ]);
        return result === undefined ? isRunning : { body: { running: false, ...result } };
      },
    }),
    route({
      method: 'get',
      path: '/api/v1/reconciliations/latest',
      summary: 'The latest comparison: one sentence, counts, and the first 1,000 of each kind',
      access: access.atLeast('viewer'),
      answers: {
        200: {
          description: 'the result, and whether another one is being made',
          schema: z.union([resultSchema, runningSchema]),
        },
      },
      refusals: [404],
      answer: async () => {
        const [latest, running] = await Promise.all([store.latest(), store.isRunning()]);
        if (latest === undefined && !running)
          throw new HttpProblem(404, { detail: 'there was no reconciliation yet' });
        return { body: { running, ...latest } };
      },
    }),
  ];
}
