import {
  callerOf,
  HttpProblem,
  pageOf,
  route,
  type Access,
  type Route,
  type RouteInput,
} from '@exrec/service-kit';
import type { Response } from 'express';
import { sql } from 'kysely';
import * as z from 'zod';
import { record } from '../actions/audit.js';
import type { Db } from '../database/connect.js';
import type { InteractionRow, RecordingRow } from '../database/tables.js';
import { csvHeader, csvRow } from '../search/csv.js';
import { filtersOf, listQuery, type ListQuery } from '../search/filters.js';
import type { Search } from '../search/search.js';
import { interactionView, recordingView, wholeRecordingView } from '../search/views.js';

export type ListRoutesOptions = {
  readonly db: Db;
  readonly search: Search;
  readonly access: Access;
};

const anything = z.looseObject({});
const oneQuery = z.strictObject({
  numbers: z.literal('whole').optional().describe('whole numbers, for admins; each time noted'),
});

/** Finds recordings and interactions, and shows one (docs/design/CONTRACTS.md#11-ledger (4)). */
export function listRoutes(options: ListRoutesOptions): readonly Route[] {
  const { search, access } = options;
  const mayRead = access.atLeast('viewer');
  const lists = {
    summary: 'newest first; all of them with format=csv',
    access: mayRead,
    query: listQuery,
    answers: { 200: { description: 'a page, or CSV', schema: pageOf(anything) } },
  };
  return [
    route({
      ...lists,
      method: 'get',
      path: '/api/v1/recordings',
      answer: async ({ query, response }) => {
        if (query.format === 'csv') {
          const views = search.all('recordings', filtersOf(query));
          return sendCsv(response, 'recordings', views, (row) => recordingView(row));
        }
        const { items, nextCursor } = await search.page('recordings', pageOfQuery(query));
        return { body: { items: items.map((row) => recordingView(row)), nextCursor } };
      },
    }),
    route({
      ...lists,
      method: 'get',
      path: '/api/v1/interactions',
      answer: async ({ query, response }) => {
        if (query.format === 'csv') {
          const views = search.all('interactions', filtersOf(query));
          return sendCsv(response, 'interactions', views, (row) => interactionView(row));
        }
        const { items, nextCursor } = await search.page('interactions', pageOfQuery(query));
        return { body: { items: items.map((row) => interactionView(row)), nextCursor } };
      },
    }),
    route({
      method: 'get',
      path: '/api/v1/recordings/:recordingId',
      summary: 'All that is known of one recording',
      access: mayRead,
      query: oneQuery,
      answers: { 200: { description: 'the recording', schema: anything } },
      refusals: [403, 404],
      answer: async (input) => {
        const id = input.param('recordingId');
        const [row] = await recordingsWhere(options.db, 'recording_id', id);
        if (row === undefined) throw new HttpProblem(404, { detail: 'no such recording' });
        const showsWhole = await mayShowNumbers(options.db, input, id);
        return { body: wholeRecordingView(row, { showsWhole }) };
      },
    }),
    route({
      method: 'get',
      path: '/api/v1/interactions/:callUUID',
      summary: 'All that is known of one interaction, by any of its calls, with its recordings',
      access: mayRead,
      query: oneQuery,
      answers: { 200: { description: 'the interaction', schema: anything } },
      refusals: [403, 404],
      answer: async (input) => ({ body: await wholeInteraction(options, input) }),
    }),
  ];
}

type OneInput = RouteInput<z.infer<typeof oneQuery>, undefined>;

async function wholeInteraction({ db }: ListRoutesOptions, input: OneInput) {
  const call = input.param('callUUID');
  const { rows } = await sql<{ row: InteractionRow }>`
    SELECT to_jsonb(i) AS row FROM interactions i
    WHERE interaction_id = ${call} OR call_uuids @> ARRAY[${call}]::text[]
    ORDER BY state = 'joined', interaction_id = ${call} DESC, start_time DESC LIMIT 1`.execute(db);
  const interaction = rows[0]?.row;
  const interactionId = interaction?.interaction_id ?? call;
  const recordings = await recordingsWhere(db, 'interaction_id', interactionId);
  if (interaction === undefined && recordings.length === 0)
    throw new HttpProblem(404, { detail: 'no such interaction' });
  const showsWhole = await mayShowNumbers(db, input, interactionId);
  return {
    ...(interaction === undefined
      ? { interactionId }
      : interactionView(interaction, { showsWhole })),
    recordings: recordings.map((row) => wholeRecordingView(row, { showsWhole })),
  };
}

async function recordingsWhere(
  db: Db,
  column: 'recording_id' | 'interaction_id',
  id: string,
): Promise<RecordingRow[]> {
  const { rows } = await sql<{ row: RecordingRow }>`
    SELECT to_jsonb(r) AS row FROM recordings r WHERE ${sql.ref(column)} = ${id}
    ORDER BY start_time, recording_id LIMIT 1000`.execute(db);
  return rows.map(({ row }) => row);
}

/** Whole numbers are for admins who ask for them, and only after that was noted. */
async function mayShowNumbers(db: Db, input: OneInput, subject: string): Promise<boolean> {
  if (input.query.numbers === undefined) return false;
  const caller = callerOf(input.response);
  if (caller.role !== 'admin')
    throw new HttpProblem(403, { detail: 'whole numbers are shown to admins only' });
  await record(db, caller, { what: 'show-numbers', subject });
  return true;
}

function pageOfQuery(query: ListQuery) {
  return { filters: filtersOf(query), limit: query.limit, cursor: query.cursor };
}

/** Row by row, as fast as it is taken: the memory does not grow with the number of rows. */
async function sendCsv<Row>(
  response: Response,
  name: string,
  rows: AsyncGenerator<Row>,
  viewOf: (row: Row) => ReturnType<typeof recordingView> | ReturnType<typeof interactionView>,
): Promise<undefined> {
  response.setHeader('content-type', 'text/csv; charset=utf-8; header=present');
  response.setHeader('content-disposition', `attachment; filename="${name}.csv"`);
  let isFirst = true;
  try {
    for await (const row of rows) {
      const view = viewOf(row);
      const text = `${isFirst ? csvHeader(view) : ''}${csvRow(view)}`;
      isFirst = false;
      // Whoever asked may have gone.
      if (response.destroyed) return undefined;
      if (!response.write(text)) await drained(response);
    }
    response.end();
  } catch (error) {
    if (!response.headersSent) throw error;
    // A file that is not whole must not look as if it were.
    response.destroy();
  }
  return undefined;
}

export function drained(response: Response): Promise<void> {
  return new Promise((resolve) => {
    response.once('drain', resolve);
    response.once('close', resolve);
  });
}
