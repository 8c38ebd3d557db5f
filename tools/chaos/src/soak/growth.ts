import type { Sample } from './sample.js';

/** How one value went over a soak. */
export type Growth = {
  readonly name: string;
  readonly first: number;
  readonly last: number;
  /** After all calls have ended and what is kept for minutes only is gone. */
  readonly atRest: number;
  /** By the line of least squares through the later half: what a program takes until it is warm is no leak. */
  readonly perHour: number;
  /** What is left at rest, for each call that was played. */
  readonly perCall: number;
  /** Undefined: it is not judged. */
  readonly isFlat: boolean | undefined;
};

type Limit = {
  readonly of: RegExp;
  readonly isFlat: (growth: Omit<Growth, 'name' | 'isFlat'>) => boolean;
};

const megabyte = 1_000_000;

/** What counts as flat; see docs/sizing.md for what is kept for each call. */
const limits: readonly Limit[] = [
  { of: / live heap$/, isFlat: ({ perHour }) => perHour < 10 * megabyte },
  // EXRP keeps those in which it makes ZIPs, 4 MiB each, as many as it ever used at once, at most `EXRP_CONCURRENCY` (8).
  { of: /^exrp-\d buffers$/, isFlat: ({ first, atRest }) => atRest - first < 36 * megabyte },
  { of: / buffers$/, isFlat: ({ perHour }) => perHour < 10 * megabyte },
  // It comes and goes with the pages that V8 has not given back: only what is far beyond that tells of a leak outside it.
  { of: / memory$/, isFlat: ({ perHour }) => perHour < 100 * megabyte },
  // While calls run connections are as many as requests happen to be under way.
  { of: / handles$/, isFlat: ({ first, atRest }) => atRest - first < 10 },
  { of: /^Redis kept$/, isFlat: ({ perCall }) => perCall < 1_500 },
  // Two lists of events of BullMQ, 1 MB each; files that were deleted are known until the next look of retention.
  { of: /^Redis at work$/, isFlat: ({ first, atRest }) => atRest - first < 5 * megabyte },
];

/** @param atRest the last sample of all, without load */
export function growthsOf(samples: readonly Sample[], atRest: Sample): Growth[] {
  const names = [...new Set([...samples, atRest].flatMap(({ values }) => [...values.keys()]))];
  const later = samples.slice(Math.floor(samples.length / 2));
  return names.map((name) => {
    const points = later.flatMap(({ atMs, values }) => {
      const value = values.get(name);
      return value === undefined ? [] : [[atMs / 3_600_000, value] as const];
    });
    const first = samples[0]?.values.get(name) ?? 0;
    const rest = atRest.values.get(name) ?? 0;
    const growth = {
      ...{ first, last: samples.at(-1)?.values.get(name) ?? 0, atRest: rest },
      perHour: slopeOf(points),
      perCall: atRest.calls === 0 ? 0 : (rest - first) / atRest.calls,
    };
    const limit = limits.find(({ of }) => of.test(name));
    return { name, ...growth, isFlat: limit?.isFlat(growth) };
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

/** What a process has is not for a call. */
const isProcess = /( handles| live heap| buffers|[12] memory|storage memory)/;

/** As a table of Markdown. */
export function growthTable(growths: readonly Growth[]): string {
  const rows = growths.map(({ name, first, last, atRest, perHour, perCall, isFlat }) => {
    const isCount = name.includes(' handles');
    const shown = [first, last, atRest, perHour].map((value) =>
      isCount ? value.toFixed(0) : `${(value / megabyte).toFixed(2)} MB`,
    );
    const each = isProcess.test(name) ? '' : `${perCall.toFixed(0)} B`;
    const verdict = isFlat === undefined ? '' : isFlat ? 'flat' : 'GROWS';
    return `| ${[name, ...shown, each, verdict].join(' | ')} |`;
  });
  return [
    '| what | first | last | at rest | per hour, later half | left of a call | |',
    '| --- | ---: | ---: | ---: | ---: | ---: | --- |',
    ...rows,
  ].join('\n');
}
