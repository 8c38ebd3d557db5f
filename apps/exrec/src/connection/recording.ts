import {
  notTranscribed,
  toBeTranscribed,
  transcribed,
  transcriptionReasons,
  type TranscriptionReason,
} from '@exrec/words';
import * as z from 'zod';

const text = z.string().nullish();
const number = z.number().nullish();

/** A recording as the ledger tells it; what is not named here is passed on with `--json` all the same. */
export const recordingSchema = z.looseObject({
  recordingId: z.string(),
  interactionId: text,
  callUUID: text,
  mediaId: text,
  agent: text,
  dn: text,
  queue: text,
  recordedParty: text,
  direction: text,
  startTime: text,
  endTime: text,
  durationMs: number,
  scope: z.looseObject({ inScope: z.boolean(), rule: text }).nullish(),
  sta: text,
  program: z.looseObject({ id: z.string(), name: text }).nullish(),
  language: text,
  state: z.string(),
  cause: text,
  detail: text,
  attempts: number,
  nextTryAt: text,
  uploadedAt: text,
  confirmedAt: text,
  flags: z.array(z.string()).default([]),
});
export type Recording = z.infer<typeof recordingSchema>;

export const pageSchema = z.object({
  items: z.array(recordingSchema),
  nextCursor: z.string().nullish(),
});

/** Whether and how it is transcribed, as a sentence; undefined as long as nothing is decided. */
export function transcription({
  sta,
  state,
  queue,
  program,
  language,
}: Recording): string | undefined {
  const names = { queue: queue ?? null, program: program?.name ?? program?.id ?? null };
  const isThere = state === 'uploaded' || state === 'confirmed';
  if (sta === 'requested')
    return (isThere ? transcribed : toBeTranscribed)({ ...names, language: language ?? null });
  return isReason(sta) ? notTranscribed(sta, names) : undefined;
}

function isReason(sta: string | null | undefined): sta is TranscriptionReason {
  return (transcriptionReasons as readonly (string | null | undefined)[]).includes(sta);
}
