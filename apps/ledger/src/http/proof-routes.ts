import { HttpProblem, route, type Access, type Route } from '@exrec/service-kit';
import * as z from 'zod';
import type { Db } from '../database/connect.js';
import { exportLines, sealedDay } from '../proof/seal-days.js';
import { proofOf } from '../proof/proof.js';
import { forwards, timeParameter } from '../search/filters.js';
import { staItems, summaryItems, summaryKinds, tallies, type Span } from '../search/summary.js';
import { drained } from './list-routes.js';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** A list by the hour of ten years is no answer. */
const mostMs = { hour: 93 * dayMs, day: 3_660 * dayMs, sta: 93 * dayMs } as const;

const spanShape = { from: timeParameter.optional(), to: timeParameter.optional() };
const spanQuery = z.strictObject(spanShape).superRefine(forwards);
const summaryQuery = z
  .strictObject({ ...spanShape, by: z.enum([...summaryKinds, 'sta']).default('state') })
  .superRefine(forwards);

const anything = z.looseObject({});

/** Sums and proofs (docs/design/CONTRACTS.md#11-ledger (4), docs/design/CONTRACTS.md#11-ledger (5)). */
export function proofRoutes({
  db,
  access,
  now,
}: {
  readonly db: Db;
  readonly access: Access;
  readonly now: () => number;
}): readonly Route[] {
  const mayRead = access.atLeast('viewer');
  return [
    route({
      method: 'get',
      path: '/api/v1/summary',
      summary: 'Recordings of a span of time by one dimension, each with its states',
      access: mayRead,
      query: summaryQuery,
      answers: { 200: { description: 'the sums', schema: anything } },
      answer: async ({ query: { by, ...given } }) => {
        const span = spanOf(given, now());
        assertShort(span, by);
        const items =
          by === 'sta' ? await staItems(db, span) : summaryItems(await tallies(db, span, by), by);
        return { body: { from: iso(span.fromMs), to: iso(span.toMs), by, items } };
      },
    }),
    route({
      method: 'get',
      path: '/api/v1/proof',
      summary: 'What became of everything that was collected, in numbers and one sentence',
      access: mayRead,
      query: spanQuery,
      answers: { 200: { description: 'the proof', schema: anything } },
      answer: async ({ query }) => ({ body: await proofOf(db, spanOf(query, now()), now()) }),
    }),
    route({
      method: 'get',
      path: '/api/v1/proof/:day',
      summary: 'The head of a sealed day',
      access: mayRead,
      answers: { 200: { description: 'the head, and the one before', schema: anything } },
      refusals: [404],
      answer: async ({ param }) => ({ body: await sealedOr404(db, param('day')) }),
    }),
    route({
      method: 'get',
      path: '/api/v1/proof/:day/export',
      summary: 'A sealed day with all its rows, for `exrec proof verify`',
      access: mayRead,
      answers: { 200: { description: 'a line each', type: 'application/x-ndjson' } },
      refusals: [404],
      answer: async ({ param, response }) => {
        const { day } = await sealedOr404(db, param('day'));
        response.type('application/x-ndjson');
        for await (const line of exportLines(db, day)) {
          if (response.destroyed) return undefined;
          if (!response.write(`${line}\n`)) await drained(response);
        }
        response.end();
        return undefined;
      },
    }),
  ];
}

async function sealedOr404(db: Db, day: string) {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(Date.parse(day)))
    throw new HttpProblem(400, {
      detail: 'the day must be like 2026-03-03',
      errors: [{ pointer: '/day', detail: 'must be like 2026-03-03' }],
    });
  const sealed = await sealedDay(db, day);
  if (sealed === undefined)
    throw new HttpProblem(404, {
      detail: 'this day is not sealed (a day is, some time after it is over)',
    });
  return sealed;
}

/** The last 24 hours when nothing else is said. */
export function spanOf(
  { from, to }: { readonly from?: number | undefined; readonly to?: number | undefined },
  nowMs: number,
): Span {
  const toMs = to ?? (from === undefined ? nowMs : Math.max(nowMs, from + 1));
  return { fromMs: from ?? toMs - dayMs, toMs };
}

function assertShort({ fromMs, toMs }: Span, by: string): void {
  const longestMs =
    Object.entries(mostMs).find(([kind]) => kind === by)?.[1] ?? Number.POSITIVE_INFINITY;
  if (toMs - fromMs <= longestMs) return;
  const detail = `of so long a time is not given by the ${by}`;
  throw new HttpProblem(400, {
    detail: `a summary ${detail}`,
    errors: [{ pointer: '/by', detail }],
  });
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
