import {
  callerOf,
  HttpProblem,
  pageOf,
  pageQuery,
  route,
  type Access,
  type Route,
} from '@exrec/service-kit';
import * as z from 'zod';
import type { CallLog } from '../call-log/call-log.js';
import type { InteractionList, ListStep } from '../call-log/interaction-list.js';
import type { KeptInteraction } from '../call-log/kept-interaction.js';
import { isCallUUID, sameCall } from '../collect/index.js';
import type { RuleSource } from '../rules/rules.js';
import type { DecisionFacts } from '../decision/decide.js';
import { withoutPersonalData } from './personal-data.js';
import {
  interactionSchema,
  interactionStates,
  interactionSummarySchema,
  type InteractionSummary,
} from './interaction-schema.js';
import { interactionSummary, interactionView, stateOf } from './interaction-view.js';

export type InteractionRoutesOptions = {
  readonly callLog: CallLog;
  readonly list: InteractionList;
  readonly rules: RuleSource;
  readonly configuration: DecisionFacts['configuration'];
  readonly access: Access;
};

const listQuery = pageQuery({ default: 100, max: 1_000 }).extend({
  state: z.enum(interactionStates).optional(),
});

/** Reading interactions back, and ending one (docs/design/CONTRACTS.md#23-when-an-interaction-ends (3), docs/design/CONTRACTS.md#25-reading-back). */
export function interactionRoutes(options: InteractionRoutesOptions): readonly Route[] {
  const { callLog, rules, configuration, access } = options;
  return [
    route({
      method: 'get',
      path: '/api/v1/interactions',
      summary: 'Interactions: those that are not finished by time, then the finished ones',
      access: access.atLeast('viewer'),
      query: listQuery,
      answers: { 200: { description: 'a page', schema: pageOf(interactionSummarySchema) } },
      answer: async ({ query }) => ({ body: await page(options, query) }),
    }),
    route({
      method: 'get',
      path: '/api/v1/interactions/:callUUID',
      summary: 'What happened to the interaction of this call, and why',
      access: access.atLeast('viewer'),
      answers: { 200: { description: 'the interaction', schema: interactionSchema } },
      refusals: [404],
      answer: async ({ param, response }) => {
        const kept = await found(callLog, param('callUUID'));
        const present = rules.current();
        const view = interactionView(kept, present && { rules: present, configuration });
        return { body: callerOf(response).role === 'admin' ? view : withoutPersonalData(view) };
      },
    }),
    route({
      method: 'post',
      path: '/api/v1/interactions/:callUUID/end',
      summary: 'End the interaction now; segments that EXRP refused are sent again (operator)',
      access: access.atLeast('operator'),
      answers: { 202: { description: 'it will end, or has ended', schema: endSchema } },
      refusals: [404, 409],
      answer: async ({ param }) => ({ status: 202, body: await end(callLog, param('callUUID')) }),
    }),
  ];
}

const endSchema = z.object({
  interactionId: z.string(),
  state: z.enum(['ending', ...interactionStates]),
});

async function end(callLog: CallLog, callUUID: string): Promise<z.infer<typeof endSchema>> {
  for (let attempt = 0; attempt < endAttempts; attempt += 1) {
    const kept = await found(callLog, callUUID);
    if (!(await callLog.requestEnd(kept))) continue;
    return {
      interactionId: kept.stored.rootCallUUID,
      state: kept.ended === undefined ? 'ending' : stateOf(kept),
    };
  }
  throw new HttpProblem(409, { detail: 'the interaction is changing; ask again' });
}

/** Entries may come in between looking and asking, but not every time. */
const endAttempts = 10;
/** A page looks at this many calls at most; the next page goes on from there. */
const maxChecks = 2_000;
const maxSteps = 2_000;

/** Items of one state may be far apart: a page may be short, or empty, and still have a next one. */
async function page({ callLog, list }: InteractionRoutesOptions, query: z.infer<typeof listQuery>) {
  const items: InteractionSummary[] = [];
  let cursor: string | null | undefined = query.cursor;
  let checks = 0;
  for (let step = 0; step < maxSteps && cursor !== null; step += 1) {
    if (items.length >= query.limit || checks >= maxChecks) break;
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
    checks += callUUIDs.length;
    cursor = nextCursor;
  }
  return { items, nextCursor: cursor ?? null };
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
