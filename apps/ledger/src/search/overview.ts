import { sql } from 'kysely';
import type { Db } from '../database/connect.js';
import { tallies, type Span } from './summary.js';
import { countUnexplained } from './unexplained.js';

/** Recordings that stand still for one cause. */
export type Standing = {
  readonly cause: string | null;
  readonly recordings: number;
  /** When the oldest of them began. */
  readonly oldestAt: string;
};

export type Overview = {
  readonly from: string;
  readonly to: string;
  readonly states: Readonly<Record<string, number>>;
  readonly unexplained: number;
  /** Interactions of the span by the state of their conversation. */
  readonly conversations: Readonly<Record<string, number>>;
  /** Of any time: what failed or waits is not better for being older. */
  readonly failed: readonly Standing[];
  readonly waiting: readonly Standing[];
  /** The last time that segments, recordings and audio files were compared. */
  readonly comparison: { readonly finishedAt: string; readonly sentence: string } | null;
};

const conversationStates = ['open', 'complete', 'gap'];

/** What a person has to know first; every part of it is read from an index alone. */
export async function overviewOf(db: Db, span: Span, nowMs: number): Promise<Overview> {
  const [byState, conversations, failed, waiting, comparison] = await Promise.all([
    tallies(db, span, 'state'),
    conversationsOf(db, span),
    standings(db, 'failed'),
    standings(db, 'waiting'),
    latestComparison(db),
  ]);
  const states: Record<string, number> = {};
  for (const { state, recordings } of byState) states[state] = (states[state] ?? 0) + recordings;
  return {
    from: new Date(span.fromMs).toISOString(),
    to: new Date(span.toMs).toISOString(),
    states,
    unexplained: (states.collected ?? 0) === 0 ? 0 : await countUnexplained(db, span, nowMs),
    conversations,
    failed,
    waiting,
    comparison,
  };
}

async function latestComparison(db: Db): Promise<Overview['comparison']> {
  const latest = await db
    .selectFrom('reconciliations')
    .select(['finished_at', 'sentence'])
    .orderBy('rev', 'desc')
    .limit(1)
    .executeTakeFirst();
  return latest === undefined
    ? null
    : { finishedAt: latest.finished_at.toISOString(), sentence: latest.sentence };
}

async function conversationsOf(db: Db, { fromMs, toMs }: Span): Promise<Record<string, number>> {
  const { rows } = await conversationsQuery(fromMs, toMs).execute(db);
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
}

/** @internal exported for the test that reads its plan */
export function conversationsQuery(fromMs: number, toMs: number) {
  return sql<{ state: string; count: number }>`
    SELECT conversation_state AS state, count(*)::float8 AS count FROM interactions
    WHERE conversation_state = ANY(${conversationStates}::text[])
      AND start_time >= ${new Date(fromMs)} AND start_time < ${new Date(toMs)} GROUP BY 1`;
}

async function standings(db: Db, state: string): Promise<Standing[]> {
  const { rows } = await standingsQuery(state).execute(db);
  return rows.map(({ cause, recordings, oldest }) => ({
    cause,
    recordings,
    oldestAt: new Date(oldest).toISOString(),
  }));
}

/** @internal exported for the test that reads its plan */
export function standingsQuery(state: string) {
  return sql<{ cause: string | null; recordings: number; oldest: Date }>`
    SELECT cause, count(*)::float8 AS recordings, min(start_time) AS oldest FROM recordings
    WHERE state = ${state} GROUP BY 1 ORDER BY 2 DESC`;
}
