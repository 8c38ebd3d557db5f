import { sql } from 'kysely';
import type { Db } from '../database/connect.js';
import { tallies, type Span } from '../search/summary.js';
import { countUnexplained } from '../search/unexplained.js';

/** The sum of a span of time; the counts but `collected` are disjoint and add up to it (docs/design/CONTRACTS.md#17-clarifications-to-10-to-15 (5)). */
export type Proof = {
  readonly from: string;
  readonly to: string;
  readonly collected: number;
  readonly outOfScope: number;
  readonly waiting: number;
  readonly uploaded: number;
  readonly confirmed: number;
  readonly failed: number;
  readonly unexplained: number;
  readonly sentence: string;
  readonly differences: readonly { readonly kind: string; readonly id: string }[];
};

const mostDifferences = 1_000;

export async function proofOf(db: Db, span: Span, nowMs: number): Promise<Proof> {
  const byState = new Map<string, number>();
  for (const { state, recordings } of await tallies(db, span, 'state'))
    byState.set(state, (byState.get(state) ?? 0) + recordings);
  const count = (state: string) => byState.get(state) ?? 0;
  const collected = [...byState.values()].reduce((sum, recordings) => sum + recordings, 0);
  const [outOfScope, uploaded, confirmed, failed] = [
    count('out-of-scope'),
    count('uploaded'),
    count('confirmed'),
    count('failed'),
  ];
  const unexplained = count('collected') === 0 ? 0 : await countUnexplained(db, span, nowMs);
  const sums = { outOfScope, uploaded, confirmed, failed, unexplained };
  const waiting = collected - Object.values(sums).reduce((sum, part) => sum + part, 0);
  const totals = { collected, ...sums, waiting };
  return {
    from: new Date(span.fromMs).toISOString(),
    to: new Date(span.toMs).toISOString(),
    ...totals,
    sentence: sentenceOf(totals),
    differences: await differencesOf(db, span),
  };
}

async function differencesOf(db: Db, span: Span): Promise<Proof['differences']> {
  return db
    .selectFrom('differences')
    .select(['kind', 'id'])
    .where(
      sql<boolean>`(since IS NULL OR (since >= ${new Date(span.fromMs)} AND since < ${new Date(span.toMs)}))`,
    )
    .orderBy('kind')
    .orderBy('id')
    .limit(mostDifferences)
    .execute();
}

/** The answer in one sentence, in the words of the console. */
export function sentenceOf(
  totals: Omit<Proof, 'from' | 'to' | 'sentence' | 'differences'>,
): string {
  const { collected, outOfScope, waiting, uploaded, confirmed, failed, unexplained } = totals;
  const shown = (count: number) => count.toLocaleString('en-US');
  const noun = collected === 1 ? 'recording was' : 'recordings were';
  return (
    `${shown(collected)} ${noun} collected: ${shown(confirmed)} in Genesys Cloud, ` +
    `${shown(uploaded)} uploaded and not yet confirmed, ${shown(waiting)} on their way, ` +
    `${shown(outOfScope)} not in scope, ${shown(failed)} failed. ${shown(unexplained)} unexplained.`
  );
}
