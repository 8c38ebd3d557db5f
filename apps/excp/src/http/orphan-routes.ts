import { Failure, HttpProblem, type Access } from '@exrec/service-kit';
import express, { Router } from 'express';
import * as z from 'zod';
import type { Orphans } from '../conversations/orphans/orphans.js';

export type OrphanRoutesOptions = { readonly orphans: Orphans; readonly access: Access };

const attachSchema = z.strictObject({ recordingIds: z.array(z.string()).max(10_000).optional() });

/** Recordings for which GC has found no conversation (docs/design/CONTRACTS.md#10-conversations (10)). */
export function orphanRoutes({ orphans, access }: OrphanRoutesOptions): Router {
  const router = Router();
  const readBody = express.json({ limit: '1mb', type: () => true });

  router.get('/orphans', access.atLeast('viewer'), async (_request, response) => {
    response.json({ items: await orphans.list().catch(asProblem), nextCursor: null });
  });

  router.post('/orphans/attach', access.atLeast('admin'), readBody, async (request, response) => {
    const wanted = attachSchema.safeParse(request.body ?? {});
    if (!wanted.success)
      throw new HttpProblem(400, { detail: 'the body is {} or {"recordingIds":[…]}' });
    const items = await orphans.attach(wanted.data.recordingIds).catch(asProblem);
    response.json({ items, nextCursor: null });
  });
  return router;
}

function asProblem(error: unknown): never {
  if (!(error instanceof Failure)) throw error;
  throw new HttpProblem(503, { detail: `Genesys Cloud cannot be asked: ${error.code}` });
}
