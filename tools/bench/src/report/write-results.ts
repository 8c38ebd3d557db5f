import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import type { BenchOptions } from '../options.js';
import type { Figure } from '../measure/figure.js';
import { ratioChart } from './chart.js';

/**
 * Writes `<date>.json` and `<date>.svg` to the folder; a later run on the same day replaces them.
 * The machine is described by its size only.
 * @returns the paths
 */
export async function writeResults(
  dir: string,
  figures: readonly Figure[],
  { runs, recordings, longRecordings, longBytes, requests, backlog }: BenchOptions,
): Promise<readonly string[]> {
  const now = new Date();
  const date = now.toISOString().slice(0, 10);
  const [json, svg] = [join(dir, `${date}.json`), join(dir, `${date}.svg`)];
  const result = {
    at: now.toISOString(),
    machine: {
      cores: availableParallelism(),
      memoryGB: Math.round(totalmem() / 1e9),
      node: process.version,
    },
    scale: { runs, recordings, longRecordings, longBytes, requests, backlog },
    figures: figures.map((figure) => ({ ...figure, runs: rounded(figure.runs) })),
  };
  await mkdir(dir, { recursive: true });
  await writeFile(json, `${JSON.stringify(result, undefined, 1)}\n`);
  await writeFile(svg, ratioChart(figures));
  return [json, svg];
}

function rounded({ subject, baseline }: Figure['runs']): Figure['runs'] {
  const round = (values: readonly number[]) => values.map((value) => Number(value.toPrecision(5)));
  return { subject: round(subject), baseline: round(baseline) };
}
