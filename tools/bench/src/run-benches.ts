import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { workspaceRoot } from '@exrec/testing';
import type { Bench, BenchContext } from './bench.js';
import { catalogue } from './benches/catalogue.js';
import type { Figure } from './measure/figure.js';
import type { BenchOptions } from './options.js';

/** @throws Error naming those that exist, when a name is not one of them */
export function chosenBenches(names: readonly string[]): readonly Bench[] {
  const known = catalogue.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new Error(`no bench is called ${unknown.join(', ')}; there are: ${known.join(', ')}`);
  }
  return names.length === 0 ? catalogue : catalogue.filter(({ name }) => names.includes(name));
}

/** Runs one bench; whatever it started is ended, and its files are gone, when this resolves or rejects. */
export async function runBench(
  bench: Bench,
  options: BenchOptions,
  say: (text: string) => void,
): Promise<readonly Figure[]> {
  const dir = await benchFolder();
  const tasks: (() => Promise<unknown>)[] = [() => rm(dir, { recursive: true, force: true })];
  const context: BenchContext = {
    options,
    root: workspaceRoot(),
    dir,
    say,
    cleanUp: (task) => tasks.unshift(task),
  };
  try {
    return await bench.measure(context);
  } finally {
    for (const task of tasks) await task();
  }
}

/** On the system's temporary disk; the bench of the storage is about a disk. */
async function benchFolder(): Promise<string> {
  await mkdir(tmpdir(), { recursive: true });
  return mkdtemp(join(tmpdir(), 'exrec-bench-'));
}
