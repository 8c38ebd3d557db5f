import { parseArgs } from 'node:util';
import * as z from 'zod';

/** How much is measured. */
export type BenchOptions = {
  /** Names of the benches to run; none: all. */
  readonly names: readonly string[];
  /** Runs of each side; the figure is their median. */
  readonly runs: number;
  /** Recordings of 1.2 MB in a run. */
  readonly recordings: number;
  /** Long recordings in a run, and the size of each. */
  readonly longRecordings: number;
  readonly longBytes: number;
  /** Requests in a run of the collector benches. */
  readonly requests: number;
  /** The larger backlog. */
  readonly backlog: number;
  /** How long each rate of `capacity` is kept up. */
  readonly stepSeconds: number;
  /** Where results and picture go; nothing is written without. */
  readonly outDir: string | undefined;
  /** Folder with the bundles `apps/<name>/main.js` and `tools/<name>/main.js`. */
  readonly bundleDir: string | undefined;
  /** Folder for CPU profiles of the subjects' processes; none are taken without. */
  readonly profileDir: string | undefined;
};

const usual = {
  runs: 5,
  recordings: 300,
  'long-recordings': 16,
  'long-mb': 100,
  requests: 20_000,
  backlog: 100_000,
  'step-seconds': 60,
};

/** For a look whether everything works: its figures mean nothing. */
const quick: typeof usual = {
  runs: 1,
  recordings: 4,
  'long-recordings': 2,
  'long-mb': 6,
  requests: 64,
  backlog: 20,
  'step-seconds': 2,
};

export const usage = `npm run bench [-- <bench>…] [options]
  --quick               a few recordings, one run: only shows that everything works
  --runs N              runs of each side (${usual.runs})
  --recordings N        recordings of 1.2 MB in a run (${usual.recordings})
  --long-recordings N   long recordings in a run (${usual['long-recordings']})
  --long-mb N           megabytes of a long recording (${usual['long-mb']})
  --requests N          requests in a run of collect and events, fifty times the calls of ends (${usual.requests})
  --backlog N           waiting recordings of the larger backlog (${usual.backlog})
  --step-seconds N      how long each rate of capacity is kept up (${usual['step-seconds']})
  --out DIR             where <date>.json and <date>.svg go (bench/results; none with --quick)
  --bundles DIR         where the bundles are (dist)
  --profiles DIR        take CPU profiles of the subjects and put them there; times mean little then
Each number also as an environment variable: BENCH_RUNS, BENCH_LONG_MB, …`;

const count = z.coerce.number().int().positive();

/** @throws Error for unknown options, ZodError for a number that is none */
export function readOptions(args: readonly string[], env: NodeJS.ProcessEnv): BenchOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      runs: { type: 'string' },
      recordings: { type: 'string' },
      'long-recordings': { type: 'string' },
      'long-mb': { type: 'string' },
      requests: { type: 'string' },
      backlog: { type: 'string' },
      'step-seconds': { type: 'string' },
      out: { type: 'string' },
      bundles: { type: 'string' },
      profiles: { type: 'string' },
    },
  });
  const defaults = values.quick ? quick : usual;
  const number = (name: keyof typeof usual) => {
    const variable = `BENCH_${name.toUpperCase().replaceAll('-', '_')}`;
    return count.parse(values[name] ?? env[variable] ?? defaults[name]);
  };
  return {
    names: positionals,
    runs: number('runs'),
    recordings: number('recordings'),
    longRecordings: number('long-recordings'),
    longBytes: number('long-mb') * 1_000_000,
    requests: number('requests'),
    backlog: number('backlog'),
    stepSeconds: number('step-seconds'),
    outDir: values.out ?? (values.quick ? undefined : 'bench/results'),
    bundleDir: values.bundles,
    profileDir: values.profiles,
  };
}
