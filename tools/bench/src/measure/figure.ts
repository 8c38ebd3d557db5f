import { median } from './median.js';

/** What one run of one side measured: values by their name. */
export type Sample = Readonly<Record<string, number>>;

/** What is to hold of a figure: of the ratio of both sides, or of the subject's own value. */
export type Goal = {
  readonly of: 'ratio' | 'value';
  readonly atLeast?: number;
  readonly atMost?: number;
};

/** Which of the samples' values make a figure, and how it reads. */
export type FigureOptions = {
  readonly name: string;
  readonly value: string;
  readonly unit: string;
  readonly goal?: Goal;
};

/** One line of the result: medians of all runs of both sides. */
export type Figure = {
  readonly bench: string;
  readonly name: string;
  readonly unit: string;
  readonly subject: number;
  readonly baseline?: number;
  /** subject / baseline */
  readonly ratio?: number;
  readonly goal?: Goal;
  readonly met?: boolean;
  readonly runs: { readonly subject: readonly number[]; readonly baseline: readonly number[] };
};

export type Rounds = { readonly subject: readonly Sample[]; readonly baseline: readonly Sample[] };

/** The figure of one value over all rounds. The ratio is that of the medians. */
export function figureOf(bench: string, rounds: Rounds, options: FigureOptions): Figure {
  const { name, unit, value, goal } = options;
  const runs = {
    subject: valuesOf(rounds.subject, value),
    baseline: valuesOf(rounds.baseline, value),
  };
  const subject = median(runs.subject);
  const plain = { bench, name, unit, subject, runs };
  if (runs.baseline.length === 0) return { ...plain, ...judged(goal, { subject }) };
  const baseline = median(runs.baseline);
  const ratio = subject / baseline;
  return { ...plain, baseline, ratio, ...judged(goal, { subject, ratio }) };
}

function valuesOf(samples: readonly Sample[], value: string): number[] {
  return samples.map((sample) => sample[value]).filter((one) => one !== undefined);
}

function judged(
  goal: Goal | undefined,
  { subject, ratio }: { readonly subject: number; readonly ratio?: number },
): Pick<Figure, 'goal' | 'met'> {
  if (goal === undefined) return {};
  const checked = goal.of === 'ratio' ? ratio : subject;
  if (checked === undefined) return { goal };
  const { atLeast = -Infinity, atMost = Infinity } = goal;
  return { goal, met: checked >= atLeast && checked <= atMost };
}
