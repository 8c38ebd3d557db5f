import { Failure, HttpProblem, pageOf, route, type Access, type Route } from '@exrec/service-kit';
import * as z from 'zod';
import type { Conversations } from '../conversations/create-conversations.js';

export type OrphanRoutesOptions = {
  /** undefined: GC is told of no conversations, so that none is missing */
  readonly conversations: Pick<Conversations, 'orphans'> | undefined;
  readonly access: Access;
};

const orphanSchema = z.object({
  orphanId: z.string(),
  recordingId: z.string().nullable(),
  interactionId: z.string(),
  conversationId: z.string().nullable(),
  orphanStatus: z.string().nullable(),
  createdTime: z.string().nullable(),
});
const attachedSchema = z.object({
  orphanId: z.string(),
  recordingId: z.string().nullable(),
  outcome: z.enum(['attached', 'no-conversation', 'failed']),
  detail: z.string().nullable(),
});
const attachSchema = z.strictObject({ recordingIds: z.array(z.string()).max(10_000).optional() });

/** Recordings for which GC has found no conversation (docs/design/CONTRACTS.md#10-conversations (10)). */
export function orphanRoutes({ conversations, access }: OrphanRoutesOptions): readonly Route[] {
  if (conversations === undefined) return [];
  const { orphans } = conversations;
  return [
    route({
      method: 'get',
      path: '/api/v1/orphans',
      summary: "Genesys Cloud's orphan recordings that are ours",
      access: access.atLeast('viewer'),
      answers: { 200: { description: 'all of them', schema: pageOf(orphanSchema) } },
      answer: async () => ({
        body: { items: await orphans.list().catch(asProblem), nextCursor: null },
      }),
    }),
    route({
      method: 'post',
      path: '/api/v1/orphans/attach',
      summary: 'Give orphan recordings their conversation: those named, or all (admin)',
      access: access.atLeast('admin'),
      body: { schema: attachSchema, limit: '1mb' },
      answers: { 200: { description: 'what became of each', schema: pageOf(attachedSchema) } },
      answer: async ({ body }) => ({
        body: {
          items: await orphans.attach(body.recordingIds).catch(asProblem),
          nextCursor: null,
        },
      }),
    }),
  ];
}

function asProblem(error: unknown): never {
  if (!(error instanceof Failure)) throw error;
  // Whose an orphan is that names no interaction, EXRP knows.
  const who = error.code.startsWith('exrp-') ? 'EXRP' : 'Genesys Cloud';
  throw new HttpProblem(503, { detail: `${who} cannot be asked: ${error.code}` });
}
