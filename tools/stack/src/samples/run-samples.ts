import { messageOf, CannotGoOn } from '../words.js';
import { follow } from './follow.js';
import { playSampleCalls } from './play.js';
import { reportOf } from './report.js';
import { provenSentence } from './proven.js';
import type { Stack, StartOptions } from '../start/stack.js';
import { renderTable, wrap } from '../output/table.js';
import type { Organization } from './verdicts.js';

const summaryWidth = 110;

/**
 * Plays the sample calls, waits for their recordings and prints how each ended.
 * @returns whether all ended as they had to
 */
export async function runSamples(
  stack: Stack,
  { belongings, terminal }: StartOptions,
): Promise<boolean> {
  terminal.say();
  terminal.progress(' playing the sample calls …');
  const calls = await playSampleCalls(stack).catch((error: unknown) => {
    throw new CannotGoOn(
      `The sample calls could not be played: ${messageOf(error)}. Logs: ${stack.logDir}`,
    );
  });
  const followed = await follow(stack, calls, {
    isStopping: () => belongings.isStopping,
    onProgress: (settled, of) =>
      terminal.progress(` ${settled} of ${of} recordings are where they belong …`),
  });
  if (belongings.isStopping) throw new CannotGoOn('Stopped before all was verified.');
  const report = reportOf(followed, organizationOf(stack));
  terminal.say();
  for (const line of renderTable(report.table, terminal.paint)) terminal.say(line);
  const mark = report.isAllRight ? terminal.paint('green', '✓') : terminal.paint('red', '✗');
  const [first = '', ...more] = wrap(report.summary, summaryWidth);
  terminal.say(`\n ${mark} ${first}`);
  for (const line of more) terminal.say(`   ${line}`);
  const recordings = followed.flatMap((each) => each.recordings).length;
  const proven = await provenSentence(stack, recordings);
  if (proven !== undefined)
    for (const line of wrap(`Ledger: ${proven}`, summaryWidth)) terminal.say(`   ${line}`);
  return report.isAllRight;
}

function organizationOf({ simulator }: Stack): Organization {
  const programs = simulator?.configuration().programs ?? [];
  return {
    isReal: simulator === undefined,
    programName: (programId) =>
      programs.find(({ id }) => id === programId)?.name ?? `program ${programId.slice(0, 8)}`,
  };
}
