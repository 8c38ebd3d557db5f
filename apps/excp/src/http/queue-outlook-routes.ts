import { route, type Access, type Route } from '@exrec/service-kit';
import * as z from 'zod';
import { queueOutlooks, type StaFacts } from '../sta-config/index.js';

export type QueueOutlookRoutesOptions = {
  readonly access: Pick<Access, 'atLeast'>;
  readonly facts: () => StaFacts;
};

const mostQueues = 1_000;
const outlookSchema = z.object({
  queue: z.string(),
  gcQueue: z.object({ id: z.string(), name: z.string() }).nullable(),
  transcription: z.boolean().nullable(),
  program: z.object({ id: z.string(), name: z.string().nullable() }).nullable(),
  language: z.string().nullable(),
  reason: z.string().nullable(),
});

/** Engage's queues beside what Genesys Cloud has for them (docs/design/CONTRACTS.md#5-sta-rules). */
export function queueOutlookRoutes({ access, facts }: QueueOutlookRoutesOptions): readonly Route[] {
  return [
    route({
      method: 'post',
      path: '/api/v1/sta/queues',
      summary: 'Which of these queues exist in Genesys Cloud, and how they are transcribed',
      access: access.atLeast('viewer'),
      body: {
        schema: z.strictObject({
          queues: z.array(z.string().trim().min(1).max(255)).max(mostQueues),
        }),
        limit: '512kb',
      },
      answers: {
        200: {
          description: 'in the order of the question',
          schema: z.object({ items: z.array(outlookSchema), nextCursor: z.null() }),
        },
      },
      answer: ({ body: { queues } }) => ({
        body: { items: queueOutlooks(facts(), queues), nextCursor: null },
      }),
    }),
  ];
}
