import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import type { Stack } from '../start/stack.js';

const proofSchema = z.object({ collected: z.number(), sentence: z.string() });

/** The ledger is told of everything at once, and has it a moment later. */
const timeoutMs = 10_000;
const everyMs = 250;
/** So often the same sentence is the last one. */
const settledChecks = 4;

/**
 * What the ledger says of everything that was collected lately; undefined without one.
 * @param atLeast recordings that it has to know by now
 */
export async function provenSentence(
  { ledgerUrl, settings }: Stack,
  atLeast: number,
): Promise<string | undefined> {
  if (ledgerUrl === undefined) return undefined;
  const headers = { authorization: `Bearer ${settings.credentials.adminToken}` };
  const deadline = Date.now() + timeoutMs;
  let [last, checks] = ['', 0];
  for (;;) {
    // Sample calls have times of their own.
    const answer = await fetch(`${ledgerUrl}/api/v1/proof?from=2020-01-01&to=2100-01-01`, {
      headers,
    }).catch(() => undefined);
    const proof = proofSchema.safeParse(await answer?.json().catch(() => undefined));
    if (proof.success) {
      const { collected, sentence } = proof.data;
      checks = sentence === last && collected >= atLeast ? checks + 1 : 0;
      last = sentence;
    }
    if (checks >= settledChecks || Date.now() > deadline)
      return last === '' ? 'it does not answer.' : last;
    await sleep(everyMs);
  }
}
