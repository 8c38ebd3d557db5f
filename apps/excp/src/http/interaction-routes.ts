import { callerOf, HttpProblem, type Access } from '@exrec/service-kit';
import { Router } from 'express';
import * as z from 'zod';
import type { CallLog } from '../call-log/call-log.js';
import type { InteractionList, ListStep } from '../call-log/interaction-list.js';
import type { KeptInteraction } from '../call-log/kept-interaction.js';
import { isCallUUID, sameCall } from '../collect/index.js';
import type { RuleSource } from '../rules/rules.js';
import type { DecisionFacts } from '../decision/decide.js';
import { withoutPersonalData } from './personal-data.js';
import {
  interactionStates,
  interactionSummary,
  interactionView,
  stateOf,
  type InteractionState,
} from './interaction-view.js';

export type InteractionRoutesOptions = {
  readonly callLog: CallLog;
  readonly list: InteractionList;
  readonly rules: RuleSource;
  readonly configuration: DecisionFacts['configuration'];
  readonly access: Access;
};

/** Reading interactions back, and ending one (docs/design/CONTRACTS.md#23-when-an-interaction-ends (3), docs/design/CONTRACTS.md#25-reading-back). */
export function interactionRoutes(options: InteractionRoutesOptions): Router {
  const { callLog, rules, configuration, access } = options;
  const mayRead = access.atLeast('viewer');
  const mayOperate = access.atLeast('operator');
  const router = Router();

  router.get('/interactions', mayRead, async (request, response) => {
    response.json(await page(options, readQuery(request.query)));
  });

  router.get('/interactions/:callUUID', mayRead, async (request, response) => {
    const kept = await found(callLog, String(request.params.callUUID));
    const present = rules.current();
    const view = interactionView(kept, present && { rules: present, configuration });
    response.json(callerOf(response).role === 'admin' ? view : withoutPersonalData(view));
  });

  router.post('/interactions/:callUUID/end', mayOperate, async (request, response) => {
    for (let attempt = 0; attempt < endAttempts; attempt += 1) {
      const kept = await found(callLog, String(request.params.callUUID));
      if (!(await callLog.requestEnd(kept))) continue;
      response.status(202).json({
        interactionId: kept.stored.rootCallUUID,
        state: kept.ended === undefined ? 'ending' : stateOf(kept),
      });
      return;
    }
    throw new HttpProblem(409, { detail: 'the interaction is changing; ask again' });
  });
  return router;
}

/** Entries may come in between looking and asking, but not every time. */
const endAttempts = 10;
/** A page looks at this many calls at most; the next page goes on from there. */
const maxLooks = 2_000;
const maxSteps = 2_000;

type PageQuery = {
  readonly state: InteractionState | undefined;
  readonly limit: number;
  readonly cursor: string | undefined;
};

/** Items of one state may be far apart: a page may be short, or empty, and still have a next one. */
async function page({ callLog, list }: InteractionRoutesOptions, query: PageQuery) {
  const items: object[] = [];
  let cursor: string | null | undefined = query.cursor;
  let looks = 0;
  for (let step = 0; step < maxSteps && cursor !== null; step += 1) {
    if (items.length >= query.limit || looks >= maxLooks) break;
    const { callUUIDs, nextCursor }: ListStep = await list
      .step(cursor, query.limit - items.length)
      .catch(refuseCursor);
    const loaded = await Promise.all(callUUIDs.map((id) => callLog.load(id)));
    loaded.forEach((kept, index) => {
      // A consult call is shown with its root, not by itself.
      if (kept === undefined || kept.stored.rootCallUUID !== callUUIDs[index]) return;
      if (query.state !== undefined && stateOf(kept) !== query.state) return;
      items.push(interactionSummary(kept));
    });
    looks += callUUIDs.length;
    cursor = nextCursor;
  }
  return { items, nextCursor: cursor ?? null };
}

const querySchema = z.object({
  state: z.enum(interactionStates).optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
  cursor: z.string().max(200).optional(),
});

function readQuery(query: unknown): PageQuery {
  const parsed = querySchema.safeParse(query);
  if (parsed.success) {
    const { state, limit, cursor } = parsed.data;
    return { state, limit, cursor };
  }
  const errors = parsed.error.issues.map(({ path, message }) => ({
    pointer: path.map((part) => `/${String(part)}`).join(''),
    detail: message,
  }));
  throw new HttpProblem(400, { errors });
}

async function found(callLog: CallLog, callUUID: string): Promise<KeptInteraction> {
  const kept = isCallUUID(callUUID) ? await callLog.load(sameCall(callUUID)) : undefined;
  if (kept === undefined) throw new HttpProblem(404, { detail: 'no such interaction' });
  return kept;
}

function refuseCursor(error: unknown): never {
  if (error instanceof RangeError)
    throw new HttpProblem(400, { detail: 'the cursor is not valid' });
  throw error;
}
