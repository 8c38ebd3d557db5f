import fc from 'fast-check';
import { checkInput } from './fuzz-check.js';
import { corpusOf } from './fuzz-corpus.js';
import { fuzzInputs } from './fuzz-inputs.js';
import type { FuzzTarget } from './fuzz-target.js';

/** All inputs of the corpus, and some made from them: the same each time. */
export async function fuzzBriefly(target: FuzzTarget, numRuns = 300): Promise<void> {
  const corpus = corpusOf(target);
  for (const input of corpus) await checkInput(target, input);
  await fc.assert(
    fc.asyncProperty(fuzzInputs(corpus, target.words), (input) => checkInput(target, input)),
    { numRuns, seed: 1 },
  );
}
