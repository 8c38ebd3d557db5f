import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { verifyProof } from '@exrec/service-kit';
import * as z from 'zod';
import { CliError, exitCodes } from '../connection/cli-error.js';
import {
  write,
  serviceOf,
  spanOf,
  type CommonFlags,
  type Context,
  type SpanFlags,
} from '../context.js';

const proofSchema = z.looseObject({
  sentence: z.string(),
  unexplained: z.number(),
  failed: z.number(),
  differences: z.array(z.looseObject({ kind: z.string(), id: z.string() })).default([]),
});
const mostShown = 20;

/** What became of everything that was collected, in one sentence. Ends with 1 when something is unexplained. */
export async function proof(context: Context, flags: CommonFlags & SpanFlags): Promise<number> {
  const ledger = serviceOf('ledger', context, flags);
  const document = await ledger.ask('/api/v1/proof', { query: spanOf(flags, context) });
  const { sentence, unexplained, differences } = proofSchema.parse(document);
  write(context, flags, document, [
    sentence,
    ...differences.slice(0, mostShown).map(({ kind, id }) => `  ${kind}  ${id}`),
    ...(differences.length > mostShown ? [`  and ${differences.length - mostShown} more`] : []),
  ]);
  return unexplained === 0 && differences.length === 0 ? exitCodes.fine : exitCodes.found;
}

/** The export of a sealed day, as `proof verify` reads it. */
export async function proofExport(context: Context, flags: CommonFlags, day = ''): Promise<number> {
  const ledger = serviceOf('ledger', context, flags);
  const path = `/api/v1/proof/${encodeURIComponent(day)}`;
  await ledger.ask(path);
  const response = await ledger.open(`${path}/export`);
  if (!response.ok || response.body === null) throw new CliError(`${day} cannot be exported`);
  await pipeline(Readable.fromWeb(response.body), process.stdout, { end: false });
  return exitCodes.fine;
}

/** Recomputes a sealed day from its export alone, without asking anybody. */
export async function proofVerify(
  context: Context,
  flags: CommonFlags,
  file = '',
): Promise<number> {
  const source = file === '-' ? context.stdin : createReadStream(file);
  const opened = new Promise((_resolve, reject) => source.once('error', reject));
  const lines = createInterface({ input: source, crlfDelay: Number.POSITIVE_INFINITY });
  const verdict = await Promise.race([verifyProof(lines), opened]).catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    throw new CliError(`${file} cannot be read (${code})`, { exitCode: exitCodes.wrongUse });
  });
  const found = verdict as Awaited<ReturnType<typeof verifyProof>>; // the other one only rejects
  write(context, flags, found, [
    found.kind === 'whole'
      ? `${found.day.day} is whole: ${found.day.rows} rows, head ${found.day.head}`
      : `line ${found.line}${found.recordingId ? `, recording ${found.recordingId}` : ''}: ${found.reason}`,
  ]);
  return found.kind === 'whole' ? exitCodes.fine : exitCodes.found;
}
