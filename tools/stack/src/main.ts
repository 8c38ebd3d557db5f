import { constants } from 'node:os';
import { environmentWithDotEnv } from '@exrec/service-kit';
import { workspaceRoot } from '@exrec/testing';
import { Belongings } from './start/belongings.js';
import { explain } from './output/explain.js';
import { runSamples } from './samples/run-samples.js';
import { startStack, type StartOptions } from './start/stack.js';
import { readStackSettings } from './start/stack-settings.js';
import { stayUp } from './stay-up.js';
import { stopOnSignals } from './stop-on-signals.js';
import { createTerminal } from './output/terminal.js';
import { CannotGoOn } from './words.js';

const terminal = createTerminal();
const belongings = new Belongings();
let isUp = false;
stopOnSignals({
  belongings,
  terminal,
  // Before everything is up and verified, being stopped is no success.
  exitCode: (signal) => (isUp ? 0 : 128 + constants.signals[signal]),
});

void runToTheEnd();

async function runToTheEnd(): Promise<void> {
  const exitCode = await run().catch((error: unknown) =>
    // What is being stopped fails, and nobody needs to know how.
    belongings.isStopping ? 1 : explain(error, terminal),
  );
  // A signal that is at work ends this process when all is stopped.
  if (belongings.isStopping) return;
  await belongings.stop();
  process.exit(exitCode);
}

async function run(): Promise<number> {
  const root = workspaceRoot();
  const settings = readStackSettings(environmentWithDotEnv(), root);
  if (settings.hasOrganization && !process.argv.includes('--yes'))
    throw new CannotGoOn('Sample calls go to a real organization only with --yes.');
  const options: StartOptions = { settings, root, belongings, terminal };
  const stack = await startStack(options);
  const isAllRight = await runSamples(stack, options);
  if (process.argv.includes('--once')) return isAllRight ? 0 : 1;
  isUp = true;
  return stayUp(stack, options);
}
