import { route, type Access, type Route } from '@exrec/service-kit';
import * as z from 'zod';
import type { Changes } from '../changes/changes.js';
import type { FlowRates } from '../changes/flow-rates.js';
import type { Db } from '../database/connect.js';
import { forwards, timeParameter } from '../search/filters.js';
import { overviewOf, type Overview } from '../search/overview.js';
import { spanOf } from './proof-routes.js';

export type OverviewRoutesOptions = {
  readonly db: Db;
  readonly flow: Pick<FlowRates, 'perMinute'>;
  readonly changes: Pick<Changes, 'listen'>;
  readonly access: Access;
  readonly now: () => number;
};

const query = z
  .strictObject({ from: timeParameter.optional(), to: timeParameter.optional() })
  .superRefine(forwards);
const counts = z.record(z.string(), z.number());
const standings = z.array(
  z.object({ cause: z.string().nullable(), recordings: z.number(), oldestAt: z.iso.datetime() }),
);
const overviewSchema = z.object({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  states: counts,
  unexplained: z.number(),
  conversations: counts,
  failed: standings,
  waiting: standings,
  comparison: z.object({ finishedAt: z.iso.datetime(), sentence: z.string() }).nullable(),
  perMinute: counts,
});

/** However many pages are open, the database is asked once within this time. */
const sharedForMs = 2_000;
const mostShared = 20;

/** The first page of the console in one answer (docs/design/CONSOLE.md "Overview"). */
export function overviewRoutes({
  db,
  flow,
  changes,
  access,
  now,
}: OverviewRoutesOptions): readonly Route[] {
  const shared = new Map<string, { readonly atMs: number; readonly answer: Promise<Overview> }>();
  // Whoever is told of a change must not get what was before it.
  changes.listen(
    () => shared.clear(),
    () => undefined,
  );
  const sharedOverview = (from: number | undefined, to: number | undefined) => {
    const key = `${from} ${to}`;
    const nowMs = now();
    const known = shared.get(key);
    if (known !== undefined && Math.abs(nowMs - known.atMs) < sharedForMs) return known.answer;
    const answer = overviewOf(db, spanOf({ from, to }, nowMs), nowMs);
    answer.catch(() => shared.delete(key));
    if (shared.size >= mostShared) shared.clear();
    shared.set(key, { atMs: nowMs, answer });
    return answer;
  };
  return [
    route({
      method: 'get',
      path: '/api/v1/overview',
      summary: 'States, conversations, what waits and failed and since when, and rates a minute',
      access: access.atLeast('viewer'),
      query,
      answers: { 200: { description: 'the overview', schema: overviewSchema } },
      answer: async ({ query: { from, to } }) => ({
        body: { ...(await sharedOverview(from, to)), perMinute: await flow.perMinute() },
      }),
    }),
  ];
}
