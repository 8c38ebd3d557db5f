import {
  callerOf,
  HttpProblem,
  requestIdOf,
  route,
  type Access,
  type Route,
} from '@exrec/service-kit';
import * as z from 'zod';
import { record, readAudit } from '../actions/audit.js';
import { jobView, newestJobs, stopJob, type RequeueJobs } from '../actions/requeue-jobs.js';
import type { Db } from '../database/connect.js';
import { eraseInteraction } from '../rows/erasure.js';
import { filtersSchema } from '../search/filters.js';
import type { Search } from '../search/search.js';

export type ActionRoutesOptions = {
  readonly db: Db;
  readonly search: Search;
  readonly access: Access;
  readonly jobs: RequeueJobs;
};

/** A job larger than this is asked for in parts. */
const mostRequeued = 100_000;
const anything = z.looseObject({});
const why = z.string().trim().max(500);

const requeueSchema = filtersSchema.safeExtend({
  ids: z.array(z.string().min(1).max(64)).min(1).max(mostRequeued).optional(),
  perMinute: z.number().positive().max(60_000).default(600),
  why: why.default(''),
  /** Says how many it would be, and does nothing. */
  dryRun: z.boolean().default(false),
});
type RequeueBody = z.infer<typeof requeueSchema>;

/** What people do about recordings; all of it is noted first (docs/design/CONTRACTS.md#12-who-may-do-what, docs/design/CONTRACTS.md#17-clarifications-to-10-to-15 (3), docs/design/CONTRACTS.md#17-clarifications-to-10-to-15 (6)). */
export function actionRoutes(options: ActionRoutesOptions): readonly Route[] {
  const { db, access, jobs } = options;
  return [
    route({
      method: 'post',
      path: '/api/v1/requeue',
      summary: 'Sends recordings again: those named, or all that the filters find among the failed',
      access: access.atLeast('operator'),
      body: { schema: requeueSchema, limit: '8mb' },
      answers: { 202: { description: 'a job', schema: anything } },
      answer: async (input) => {
        const ids = await idsOf(options.search, input.body);
        const { perMinute, why: reason, dryRun } = input.body;
        if (dryRun || ids.length === 0)
          return { status: 200, body: { id: null, total: ids.length, perMinute } };
        const caller = callerOf(input.response);
        await record(db, caller, {
          what: 'requeue',
          subject: `${ids.length} recordings`,
          why: reason,
        });
        const { authorization } = input.request.headers;
        const requestId = requestIdOf(input.response);
        const id = await jobs.start({
          ids,
          perMinute,
          why: reason,
          caller,
          authorization,
          requestId,
        });
        return {
          status: 202,
          headers: { location: `/api/v1/jobs/${id}` },
          body: await jobView(db, id),
        };
      },
    }),
    ...jobRoutes(options),
    route({
      method: 'delete',
      path: '/api/v1/interactions/:callUUID',
      summary: 'Erases the personal data of an interaction; its proof stays',
      access: access.atLeast('admin'),
      body: { schema: z.strictObject({ reason: why.min(1) }), limit: '4kb' },
      answers: { 200: { description: 'what was erased', schema: anything } },
      refusals: [404],
      answer: async ({ param, body, response }) => {
        const { name, role } = callerOf(response);
        const caller = { who: name, role, why: body.reason };
        const erased = await eraseInteraction(db, param('callUUID'), caller);
        if (erased === undefined) throw new HttpProblem(404, { detail: 'no such interaction' });
        return { body: erased };
      },
    }),
    route({
      method: 'get',
      path: '/api/v1/audit',
      summary: 'Who did what, when and why; newest first',
      access: access.atLeast('admin'),
      query: z.strictObject({
        limit: z.coerce.number().int().min(1).max(500).default(50),
        cursor: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER).optional(),
      }),
      answers: { 200: { description: 'a page', schema: anything } },
      answer: async ({ query: { limit, cursor } }) => ({
        body: await readAudit(db, { limit, beforeId: cursor }),
      }),
    }),
  ];
}

function jobRoutes({ db, access }: ActionRoutesOptions): readonly Route[] {
  const job = async (id: string) => {
    const view = await jobView(db, id);
    if (view === undefined) throw new HttpProblem(404, { detail: 'no such job' });
    return view;
  };
  return [
    route({
      method: 'get',
      path: '/api/v1/jobs/:id',
      summary: 'How far a job is',
      access: access.atLeast('viewer'),
      answers: { 200: { description: 'the job', schema: anything } },
      refusals: [404],
      answer: async ({ param }) => ({ body: await job(param('id')) }),
    }),
    route({
      method: 'get',
      path: '/api/v1/jobs',
      summary: 'What is or was sent again, by whom and why; newest first',
      access: access.atLeast('viewer'),
      query: z.strictObject({ limit: z.coerce.number().int().min(1).max(100).default(20) }),
      answers: { 200: { description: 'the newest jobs', schema: anything } },
      answer: async ({ query: { limit } }) => ({
        body: { items: await newestJobs(db, limit), nextCursor: null },
      }),
    }),
    route({
      method: 'delete',
      path: '/api/v1/jobs/:id',
      summary: 'Stops a job; what it has sent stays sent',
      access: access.atLeast('operator'),
      answers: { 200: { description: 'the job', schema: anything } },
      refusals: [404],
      answer: async ({ param, response }) => {
        const { id } = await job(param('id'));
        if (await stopJob(db, id))
          await record(db, callerOf(response), { what: 'stop-job', subject: id });
        return { body: await job(id) };
      },
    }),
  ];
}

async function idsOf(search: Search, body: RequeueBody): Promise<readonly string[]> {
  const { ids, perMinute: _pace, why: _reason, dryRun: _try, ...filters } = body;
  if (ids !== undefined) {
    if (Object.keys(filters).length > 0)
      throw new HttpProblem(400, { detail: 'either `ids` or filters, not both' });
    return [...new Set(ids)];
  }
  const found: string[] = [];
  for await (const row of search.all('recordings', { state: 'failed', ...filters })) {
    found.push(row.recording_id);
    if (found.length > mostRequeued)
      throw new HttpProblem(400, {
        detail: `more than ${mostRequeued} recordings: narrow the filters`,
      });
  }
  return found;
}
