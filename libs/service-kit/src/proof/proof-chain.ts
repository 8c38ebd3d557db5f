import { hash } from 'node:crypto';
import * as z from 'zod';

/** A row of a day, as it is chained and exported (docs/design/CONTRACTS.md#11-ledger (5)): the order of the fields is that of the digest. */
export const proofRowSchema = z.strictObject({
  recordingId: z.string(),
  audioSha256: z.string().nullable(),
  zipSha256: z.string().nullable(),
  keyFingerprint: z.string().nullable(),
  uploadKey: z.string().nullable(),
  state: z.string(),
  confirmedAt: z.string().nullable(),
});
export type ProofRow = z.infer<typeof proofRowSchema>;

/** Where the first day begins. */
export const firstHead = '0'.repeat(64);

/** The chain after this row: SHA-256 of what was before, a line feed and the row's JSON; hex. */
export function chained(before: string, row: ProofRow): string {
  const { recordingId, audioSha256, zipSha256, keyFingerprint, uploadKey, state, confirmedAt } =
    row;
  const line = JSON.stringify({
    recordingId,
    audioSha256,
    zipSha256,
    keyFingerprint,
    uploadKey,
    state,
    confirmedAt,
  });
  return hash('sha256', `${before}\n${line}`, 'hex');
}

/** The head of a day: where its rows end, bound to the day itself. A day without rows has one, too. */
export function headOf(day: string, chain: string, rows: number): string {
  return hash('sha256', `${chain}\n${day} ${rows}`, 'hex');
}

/** First line of an export. */
export const proofDaySchema = z.strictObject({
  day: z.string(),
  previousHead: z.string(),
  head: z.string(),
  rows: z.number(),
});
export type ProofDay = z.infer<typeof proofDaySchema>;

/** Every other line of an export. */
export const exportedRowSchema = proofRowSchema.extend({ chain: z.string() });

export type ProofVerdict =
  | { readonly kind: 'whole'; readonly day: ProofDay }
  /** `line` counts from 1, as an editor does; `recordingId` where the line can be read. */
  | {
      readonly kind: 'broken';
      readonly line: number;
      readonly recordingId?: string;
      readonly reason: string;
    };

/**
 * Recomputes a day from its export alone, line by line: memory does not grow with the number of rows.
 * @param lines of the file of `GET /api/v1/proof/{day}/export`
 */
export async function verifyProof(
  lines: AsyncIterable<string> | Iterable<string>,
): Promise<ProofVerdict> {
  let day: ProofDay | undefined;
  let chain = '';
  let rows = 0;
  let line = 0;
  let last = '';
  for await (const text of lines) {
    line += 1;
    if (text.trim() === '') continue;
    if (day === undefined) {
      day = readLine(proofDaySchema, text);
      if (day === undefined) return { kind: 'broken', line, reason: 'is not the head of a day' };
      chain = day.previousHead;
      continue;
    }
    const row = readLine(exportedRowSchema, text);
    if (row === undefined) return { kind: 'broken', line, reason: 'is not a row' };
    const { recordingId } = row;
    if (recordingId <= last)
      return { kind: 'broken', line, recordingId, reason: 'is not in order' };
    chain = chained(chain, row);
    if (chain !== row.chain)
      return { kind: 'broken', line, recordingId, reason: 'is not the row that was sealed' };
    last = recordingId;
    rows += 1;
  }
  if (day === undefined) return { kind: 'broken', line: 1, reason: 'is empty' };
  if (rows !== day.rows) return { kind: 'broken', line, reason: `${rows} of ${day.rows} rows` };
  if (headOf(day.day, chain, rows) !== day.head)
    return { kind: 'broken', line: 1, reason: 'is not the head of these rows' };
  return { kind: 'whole', day };
}

function readLine<T extends z.ZodType>(schema: T, text: string): z.infer<T> | undefined {
  try {
    const reading = schema.safeParse(JSON.parse(text));
    return reading.success ? reading.data : undefined;
  } catch {
    return undefined;
  }
}
