import { resolve } from 'node:path';
import { workspaceRoot } from '@exrec/testing';
import { runHsetCollector } from './baselines/hset-collector.js';
import type { Figure } from './measure/figure.js';
import { readOptions, usage } from './options.js';
import { resultTable } from './report/table.js';
import { writeResults } from './report/write-results.js';
import { chosenBenches, runBench } from './run-benches.js';

const say = (text: string) => process.stderr.write(`${text}\n`);

async function run(args: readonly string[]): Promise<void> {
  if (args.includes('--help')) {
    say(usage);
    return;
  }
  const options = readOptions(args, process.env);
  const figures: Figure[] = [];
  for (const bench of chosenBenches(options.names)) {
    say(`${bench.name}: ${bench.subject}\n  against ${bench.baseline}`);
    const found = await runBench(bench, options, say);
    say(`${resultTable(found)}\n`);
    figures.push(...found);
  }
  process.stdout.write(`${resultTable(figures)}\n`);
  if (options.outDir === undefined) return;
  const paths = await writeResults(resolve(workspaceRoot(), options.outDir), figures, options);
  say(`written: ${paths.join(', ')}`);
}

function fail(error: unknown): void {
  say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exitCode = 1;
}

// The collectors' baseline is a process of its own, and this bundle is at hand.
if (process.argv[2] === '--as-hset-collector') runHsetCollector(process.env);
else run(process.argv.slice(2)).catch(fail);
