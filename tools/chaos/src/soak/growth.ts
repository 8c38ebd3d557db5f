import type { Sample } from './sample.js';

/** How one value went over a soak. */
export type Growth = {
  readonly name: string;
  readonly first: number;
  readonly last: number;
  /** By the line of least squares through the later half: what a program takes until it is warm is no leak. */
  readonly perHour: number;
  /** The same, for each call that was played meanwhile. */
  readonly perCall: number;
  /** Undefined: it is not judged. */
  readonly isFlat: boolean | undefined;
};

type Limit = (growth: Pick<Growth, 'first' | 'perHour' | 'perCall'>) => boolean;

const megabyte = 1_000_000;

/** What counts as flat. Redis keeps what recognises a duplicate, for each call and recording, for 14 days. */
const limits: readonly (readonly [pattern: RegExp, limit: Limit])[] = [
  [/ memory$/, ({ perHour }) => perHour < 40 * megabyte],
  [/ handles$/, ({ perHour }) => perHour < 20],
];
const redisLimit: Limit = ({ perCall }) => perCall < 1_500;

export function growthsOf(samples: readonly Sample[]): Growth[] {
  const names = [...(samples.at(-1)?.values.keys() ?? [])];
  const later = samples.slice(Math.floor(samples.length / 2));
  const calls = (later.at(-1)?.calls ?? 0) - (later.at(0)?.calls ?? 0);
  const hours = ((later.at(-1)?.atMs ?? 0) - (later.at(0)?.atMs ?? 0)) / 3_600_000;
  return names.map((name) => {
    const value = (sample: Sample | undefined) => sample?.values.get(name) ?? 0;
    const perHour = slopeOf(later.map((sample) => [sample.atMs / 3_600_000, value(sample)]));
    const perCall = calls === 0 ? 0 : (perHour * hours) / calls;
    const growth = {
      name,
      first: value(samples[0]),
      last: value(samples.at(-1)),
      perHour,
      perCall,
    };
    const limit =
      name === 'Redis memory' ? redisLimit : limits.find(([pattern]) => pattern.test(name))?.[1];
    return { ...growth, isFlat: limit?.(growth) };
  });
}

/** The slope of the line of least squares through these points. */
export function slopeOf(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanX, meanY] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const above = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  const below = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  return below === 0 ? 0 : above / below;
}

/** As a table of Markdown. */
export function growthTable(growths: readonly Growth[]): string {
  const rows = growths.map(({ name, first, last, perHour, perCall, isFlat }) => {
    const shown = name.endsWith('handles')
      ? [first, last, perHour].map((value) => value.toFixed(0))
      : [first, last, perHour].map((value) => `${(value / megabyte).toFixed(1)} MB`);
    const each = name.endsWith('handles') ? '' : `${perCall.toFixed(0)} B`;
    const verdict = isFlat === undefined ? '' : isFlat ? 'flat' : 'GROWS';
    return `| ${[name, ...shown, each, verdict].join(' | ')} |`;
  });
  return [
    '| what | first | last | per hour, later half | per call | |',
    '| --- | ---: | ---: | ---: | ---: | --- |',
    ...rows,
  ].join('\n');
}
