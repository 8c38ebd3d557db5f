import { STA_REASONS } from '@exrec/gc-metadata';
import { sql } from 'kysely';
import type { Db } from '../database/connect.js';
import { tallyDimensions, tallySpanMs, type TallyDimension } from '../rows/tallies.js';

export const summaryKinds = [
  'hour',
  'day',
  'agent',
  'queue',
  'state',
  'cause',
  'language',
  'program',
] as const;
export type SummaryKind = (typeof summaryKinds)[number];

export type Span = { readonly fromMs: number; readonly toMs: number };

export type Tally = {
  readonly value: string;
  readonly state: string;
  readonly recordings: number;
  readonly duration_ms: number;
};

/** One value with its recordings by state. */
export type SummaryItem = {
  readonly value: string | null;
  readonly recordings: number;
  readonly durationMs: number;
  readonly states: Readonly<Record<string, number>>;
};

const ofRows = {
  agent: sql`agent`,
  queue: sql`queue`,
  language: sql`language`,
  program: sql`coalesce(program_name, program_id)`,
  state: sql`state`,
  cause: sql`cause`,
  hour: sql`date_trunc('hour', start_time)`,
  day: sql`date_trunc('day', start_time)`,
} as const;

const ofTallies = {
  agent: sql`value`,
  queue: sql`value`,
  language: sql`value`,
  program: sql`value`,
  state: sql`state`,
  cause: sql`cause`,
  hour: sql`hour`,
  day: sql`date_trunc('day', hour)`,
} as const;

/** Recordings of a span by what was decided about transcription: one count for each, from its index alone. */
export async function staItems(db: Db, { fromMs, toMs }: Span): Promise<SummaryItem[]> {
  const { rows } = await staQuery(fromMs, toMs).execute(db);
  return rows.map(({ value, recordings }) => ({ value, recordings, durationMs: 0, states: {} }));
}

/** @internal exported for the test that reads its plan */
export function staQuery(fromMs: number, toMs: number) {
  return sql<{ value: string; recordings: number }>`
    SELECT sta AS value, count(*)::float8 AS recordings FROM recordings
    WHERE sta = ANY(${['requested', ...STA_REASONS]}::text[])
      AND start_time >= ${new Date(fromMs)} AND start_time < ${new Date(toMs)}
    GROUP BY 1 ORDER BY 2 DESC`;
}

/** Whole hours, or days, are counted already; what is left at both ends is counted now. */
export async function tallies(db: Db, span: Span, by: SummaryKind): Promise<Tally[]> {
  const dimension = isDimension(by) ? by : '';
  const stepMs = tallySpanMs(dimension);
  const countedFrom = Math.ceil(span.fromMs / stepMs) * stepMs;
  const countedTo = Math.floor(span.toMs / stepMs) * stepMs;
  const isCounted = countedFrom < countedTo;
  const edges: Span[] = isCounted
    ? [
        { fromMs: span.fromMs, toMs: countedFrom },
        { fromMs: countedTo, toMs: span.toMs },
      ]
    : [span];
  const parts = edges
    .filter(({ fromMs, toMs }) => fromMs < toMs)
    .map(
      ({ fromMs, toMs }) => sql`SELECT ${ofRows[by]}::text AS value, state, count(*) AS recordings,
        coalesce(sum(duration_ms), 0) AS duration_ms FROM recordings
        WHERE start_time >= ${new Date(fromMs)} AND start_time < ${new Date(toMs)} GROUP BY 1, 2`,
    );
  if (isCounted)
    parts.push(sql`SELECT ${ofTallies[by]}::text AS value, state, sum(recordings) AS recordings,
      sum(duration_ms) AS duration_ms FROM tallies
      WHERE dimension = ${dimension} AND hour >= ${new Date(countedFrom)} AND hour < ${new Date(countedTo)}
      GROUP BY 1, 2`);
  if (parts.length === 0) return [];
  const { rows } = await sql<Tally>`SELECT coalesce(value, '') AS value, state,
    sum(recordings)::float8 AS recordings, sum(duration_ms)::float8 AS duration_ms
    FROM (${sql.join(parts, sql` UNION ALL `)}) parts
    GROUP BY 1, 2 HAVING sum(recordings) > 0 ORDER BY 1, 2`.execute(db);
  return rows;
}

function isDimension(by: SummaryKind): by is SummaryKind & TallyDimension {
  return (tallyDimensions as readonly string[]).includes(by);
}

export function summaryItems(found: readonly Tally[], by: SummaryKind): SummaryItem[] {
  const items = new Map<
    string,
    { recordings: number; durationMs: number; states: Record<string, number> }
  >();
  for (const { value, state, recordings, duration_ms } of found) {
    const item = items.get(value) ?? { recordings: 0, durationMs: 0, states: {} };
    item.recordings += recordings;
    item.durationMs += duration_ms;
    item.states[state] = (item.states[state] ?? 0) + recordings;
    items.set(value, item);
  }
  return [...items].map(([value, item]) => ({ value: shown(value, by), ...item }));
}

function shown(value: string, by: SummaryKind): string | null {
  if (value === '') return null;
  return by === 'hour' || by === 'day'
    ? new Date(`${value.replace(' ', 'T')}:00`).toISOString()
    : value;
}
