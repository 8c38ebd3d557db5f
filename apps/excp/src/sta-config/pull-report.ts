import * as z from 'zod';

const fault = z.object({
  /** A cause of docs/design/CONTRACTS.md#36-what-may-happen-and-what-exrp-does, `redis-unavailable` or `unexpected`. */
  cause: z.string(),
  /** Words for an operator. */
  detail: z.string().nullable(),
});

export const missingPart = fault.extend({ part: z.enum(['dialects', 'users']) });

const pullReport = z.object({
  /** Begin of the attempt, epoch ms. */
  atMs: z.number(),
  /** Why the configuration stayed as it was; null: it was replaced. */
  fault: fault.nullable(),
  /** What could not be read and was made up for: the documented languages, the users known before. */
  missing: z.array(missingPart),
});

export type PullFault = z.infer<typeof fault>;

/** How the last attempt to read GC's configuration went. */
export type PullReport = z.infer<typeof pullReport>;

/** null when there is none in a form that we know. */
export function parsePullReport(text: string): PullReport | null {
  try {
    return pullReport.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
