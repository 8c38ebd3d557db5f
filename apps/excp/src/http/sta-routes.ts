import { pageOf, route, type Access, type Route } from '@exrec/service-kit';
import * as z from 'zod';
import {
  previewSta,
  queueOutlooks,
  staQuestionSchema,
  type StaFacts,
} from '../sta-config/index.js';
import { scopeSchema, staDecisionSchema } from './interaction-schema.js';

export type StaRoutesOptions = {
  readonly access: Pick<Access, 'atLeast'>;
  /** What is in force now. */
  readonly staFacts: () => StaFacts;
};

const mostQueues = 1_000;
const text = z.string().nullable();
const outlookSchema = z.object({
  queue: z.string(),
  gcQueue: z.object({ id: z.string(), name: z.string() }).nullable(),
  transcription: z.boolean().nullable(),
  program: z.object({ id: z.string(), name: text }).nullable(),
  language: text,
  reason: text,
});

/** What would become of calls (docs/design/CONTRACTS.md#5-sta-rules). */
export function staRoutes({ access, staFacts }: StaRoutesOptions): readonly Route[] {
  return [
    route({
      method: 'post',
      path: '/api/v1/sta/preview',
      summary:
        'Which program and language a call would get, or why none, and whether it is in scope',
      access: access.atLeast('viewer'),
      body: { schema: staQuestionSchema },
      answers: {
        200: {
          description: 'the decision with its trail, and of when the configuration is',
          schema: staDecisionSchema.extend({
            scope: scopeSchema,
            programName: text,
            configurationTakenAt: z.iso.datetime().nullable(),
          }),
        },
      },
      answer: ({ body }) => {
        const facts = staFacts();
        const takenAtMs = facts.snapshot?.takenAtMs;
        return {
          body: {
            ...previewSta(facts, body),
            configurationTakenAt:
              takenAtMs === undefined ? null : new Date(takenAtMs).toISOString(),
          },
        };
      },
    }),
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
        200: { description: 'in the order of the question', schema: pageOf(outlookSchema) },
      },
      answer: ({ body: { queues } }) => ({
        body: { items: queueOutlooks(staFacts(), queues), nextCursor: null },
      }),
    }),
  ];
}
