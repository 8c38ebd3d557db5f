import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import type { Program } from './processes.js';
import { CannotGoOn } from '../words.js';

const readinessSchema = z.object({
  checks: z.record(z.string(), z.object({ status: z.string(), reason: z.string().optional() })),
});

const timeoutMs = 90_000;
/** EXCP is ready without Genesys Cloud's configuration, but decides better with it (docs/design/CONTRACTS.md#9-clarifications (9)). */
const wholeTimeoutMs = 10_000;
const everyMs = 100;

/**
 * Waits until the service says that it is ready, and some seconds for what it can do without.
 * @param url its origin
 * @returns what is degraded, by name; empty: nothing
 * @throws CannotGoOn with the dependency that is missing, or its last words when it died
 */
export async function untilReady(program: Program, url: string): Promise<string> {
  const startedAtMs = Date.now();
  let reason = 'it does not answer';
  while (Date.now() - startedAtMs < timeoutMs) {
    if (!program.isRunning())
      throw new CannotGoOn(`${program.name} did not start. ${program.lastWords()}`);
    const answer = await fetch(`${url}/health/ready`).catch(() => undefined);
    if (answer !== undefined) {
      reason = reasonOf(await answer.json().catch(() => undefined));
      const isPatienceOver = Date.now() - startedAtMs > wholeTimeoutMs;
      if (answer.ok && (reason === '' || isPatienceOver)) return reason;
    }
    await sleep(everyMs);
  }
  throw new CannotGoOn(
    `${program.name} is not ready after ${timeoutMs / 1000} s: ${reason}. ${program.lastWords()}`,
  );
}

function reasonOf(body: unknown): string {
  const parsed = readinessSchema.safeParse(body);
  if (!parsed.success) return 'it does not say why';
  return Object.entries(parsed.data.checks)
    .filter(([, { status }]) => status !== 'up')
    .map(([name, check]) => `${name}: ${check.reason ?? check.status}`)
    .join('; ');
}
