import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { Coverage } from './coverage.js';
import { checkInput } from './fuzz-check.js';
import { corpusOf } from './fuzz-corpus.js';
import { fuzzInputs } from './fuzz-inputs.js';
import type { FuzzTarget } from './fuzz-target.js';

export type FuzzRun = {
  readonly seconds: number;
  readonly seed: number;
  /** The script that is running: what it reaches is looked at. */
  readonly script: string;
  /** Where inputs are left. */
  readonly folder: string;
  readonly say: (line: string) => void;
};

const runsOfOneTurn = 50;
/** Making a slow input smaller may take for ever. */
const interruptAfterTimeLimit = 30_000;
const sayEveryMs = 30_000;
/** An input that is small is easier to change in one place that matters. */
const longestKept = 16 * 1024;

/**
 * Makes inputs for so long, keeps those that reach something new, and goes on from them.
 * @returns whether every input was read as promised; one that was not is left in the folder, made as small as possible
 */
export async function fuzzFor(target: FuzzTarget, run: FuzzRun): Promise<boolean> {
  const { seconds, folder, say } = run;
  mkdirSync(folder, { recursive: true });
  const corpus = corpusOf(target);
  for (const input of corpus) await checkInput(target, input);
  const coverage = await Coverage.start(run.script);
  const startedAtMs = Date.now();
  let [runs, saidAtMs] = [0, startedAtMs];
  const tell = () =>
    say(`${target.name}: ${runs} inputs, ${corpus.length} kept, ${coverage.size} ways`);
  const property = fc.asyncProperty(fuzzInputs(corpus, target.words), async (input) => {
    runs += 1;
    // What never ends leaves nothing else.
    writeFileSync(join(folder, 'last-input'), input);
    await checkInput(target, input);
    if (input.length > longestKept || !(await coverage.isNew())) return;
    corpus.push(input);
    writeFileSync(join(folder, `reached-${corpus.length}`), input);
  });
  for (let seed = run.seed; Date.now() - startedAtMs < seconds * 1000; seed += 1) {
    const result = await fc.check(property, {
      seed,
      numRuns: runsOfOneTurn,
      interruptAfterTimeLimit,
    });
    if (result.failed) {
      const [found] = result.counterexample ?? [];
      const file = join(folder, `found-${seed}`);
      writeFileSync(file, found ?? '');
      say(`${target.name}: FOUND after ${runs} inputs: ${file}\n${describe(result.errorInstance)}`);
      return false;
    }
    if (Date.now() - saidAtMs < sayEveryMs) continue;
    saidAtMs = Date.now();
    tell();
  }
  tell();
  return true;
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
