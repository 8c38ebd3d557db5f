import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { exitCodes } from '../connection/cli-error.js';
import { excpOf, write, type CommonFlags, type Context } from '../context.js';
import { Progress } from '../output/progress.js';

const resultSchema = z.looseObject({
  running: z.boolean(),
  sentence: z.string().optional(),
  differences: z.array(z.looseObject({ kind: z.string(), count: z.number() })).default([]),
});
const checkEveryMs = 1_000;

/** Compares segments, recordings and audio files now; what was never dispatched is sent. Ends with 1 for a difference. */
export async function reconcile(context: Context, flags: CommonFlags): Promise<number> {
  const excp = excpOf(context, flags);
  let document = await excp.ask('/api/v1/reconciliations', { method: 'POST', body: {} });
  const progress = new Progress(context.terminal);
  while (resultSchema.parse(document).running) {
    progress.tell('comparing segments, recordings and audio files');
    await sleep(checkEveryMs);
    document = await excp.ask('/api/v1/reconciliations/latest');
  }
  progress.end();
  const { sentence = '', differences } = resultSchema.parse(document);
  const found = differences.filter(({ count }) => count > 0);
  write(context, flags, document, [
    sentence,
    ...found.map(({ kind, count }) => `  ${String(count).padStart(6)}  ${kind}`),
  ]);
  return found.length === 0 ? exitCodes.fine : exitCodes.found;
}
