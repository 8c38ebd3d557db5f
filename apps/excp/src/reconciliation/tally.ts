import * as z from 'zod';
import { differenceKinds, standings, type DifferenceKind, type Standing } from './compare.js';

/** One difference, as an operator reads it. Absent fields do not apply. */
const difference = z.object({
  mediaId: z.string().optional(),
  recordingId: z.string().optional(),
  callUUID: z.string().optional(),
  cause: z.string().optional(),
  since: z.string().optional(),
  repair: z.enum(['dispatched-again']).optional().describe('what was done about it'),
});
const differenceCount = z.object({ kind: z.enum(differenceKinds), count: z.int() });
const count = z.int();

/** A whole reconciliation, with the first 1,000 of each kind of difference. */
export const reconciliationSchema = z.object({
  startedAt: z.string(),
  finishedAt: z.string(),
  sentence: z.string().describe('the whole of it in one sentence'),
  segments: z.record(z.enum([...standings, 'inScope', 'open']), count),
  audioFiles: count,
  differences: z.array(differenceCount.extend({ items: z.array(difference) })),
  dispatchedAgain: count,
});

export type Difference = z.infer<typeof difference>;
export type DifferenceCount = z.infer<typeof differenceCount>;
export type ReconciliationResult = z.infer<typeof reconciliationSchema>;
/** The counts of a reconciliation. */
export type ReconciliationSummary = Omit<ReconciliationResult, 'differences'> & {
  readonly differences: readonly DifferenceCount[];
};

/** More of a kind are counted, not listed. */
const maxListed = 1_000;

/** Adds up what a reconciliation finds; its size does not grow with the number of segments. */
export class Tally {
  readonly #standings = new Map<Standing, number>();
  readonly #counts = new Map<DifferenceKind, number>();
  readonly #items = new Map<DifferenceKind, Difference[]>();
  #open = 0;
  #audioFiles = 0;
  #dispatchedAgain = 0;

  segment(standing: Standing): void {
    this.#standings.set(standing, (this.#standings.get(standing) ?? 0) + 1);
  }

  /** A segment whose interaction is not over. */
  openSegment(): void {
    this.#open += 1;
  }

  audioFile(): void {
    this.#audioFiles += 1;
  }

  difference(kind: DifferenceKind, difference: Difference): void {
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
    if (difference.repair !== undefined) this.#dispatchedAgain += 1;
    const items = this.#items.get(kind) ?? [];
    if (items.length < maxListed) items.push(difference);
    this.#items.set(kind, items);
  }

  result(startedAtMs: number, finishedAtMs: number): ReconciliationResult {
    const counted = Object.fromEntries(
      standings.map((standing) => [standing, this.#standings.get(standing) ?? 0]),
    ) as Record<Standing, number>; // every standing is there
    const { confirmed, uploaded, waiting, failed, unexplained } = counted;
    const inScope = confirmed + uploaded + waiting + failed + unexplained;
    const differences = differenceKinds.map((kind) => ({
      kind,
      count: this.#counts.get(kind) ?? 0,
      items: this.#items.get(kind) ?? [],
    }));
    return {
      startedAt: new Date(startedAtMs).toISOString(),
      finishedAt: new Date(finishedAtMs).toISOString(),
      sentence: sentenceOf({ inScope, ...counted }, differences),
      segments: { inScope, open: this.#open, ...counted },
      audioFiles: this.#audioFiles,
      differences,
      dispatchedAgain: this.#dispatchedAgain,
    };
  }
}

/** What the sum of segments cannot show, in words. */
const besides: readonly (readonly [DifferenceKind, string, string])[] = [
  ['file-without-metadata', 'audio file without metadata', 'audio files without metadata'],
  ['unknown-segment', 'recording without a segment', 'recordings without a segment'],
  ['unreadable-interaction', 'interaction that cannot be read', 'interactions that cannot be read'],
];

/** "9,812 segments in scope, 9,810 confirmed, 2 waiting, 0 unexplained."; what there is none of is left out. */
function sentenceOf(
  counted: Readonly<Record<Standing | 'inScope', number>>,
  differences: readonly DifferenceCount[],
): string {
  const { inScope, confirmed, uploaded, waiting, failed, unexplained } = counted;
  const segments = [
    `${number(inScope)} ${inScope === 1 ? 'segment' : 'segments'} in scope`,
    `${number(confirmed)} confirmed`,
    ...(uploaded > 0 ? [`${number(uploaded)} uploaded`] : []),
    `${number(waiting)} waiting`,
    ...(failed > 0 ? [`${number(failed)} failed`] : []),
    `${number(unexplained)} unexplained`,
  ].join(', ');
  const others = besides.flatMap(([kind, one, many]) => {
    const count = differences.find((difference) => difference.kind === kind)?.count ?? 0;
    return count === 0 ? [] : [`${number(count)} ${count === 1 ? one : many}`];
  });
  return `${[segments, ...others].join('; ')}.`;
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}
