import { createInterface } from 'node:readline/promises';
import { wrongUse } from '../connection/cli-error.js';
import type { CommonFlags, Context } from '../context.js';

/** Asks before something is changed; `--yes` is the answer of scripts. @returns whether to go on */
export async function confirm(
  question: string,
  context: Context,
  flags: CommonFlags,
): Promise<boolean> {
  if (flags.yes === true) return true;
  const { stdin, terminal } = context;
  if (stdin.isTTY !== true || !terminal.isPerson)
    throw wrongUse('nobody is here to be asked', '--yes goes on without asking');
  const prompt = createInterface({ input: stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await prompt.question(`${question} [y/N] `)).trim());
  } finally {
    prompt.close();
  }
}
