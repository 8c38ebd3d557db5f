import {
  causeWords,
  isRecordingState,
  notTranscribed,
  shapeOf,
  stateWords,
  toBeTranscribed,
  toneOf,
  transcribed,
  transcriptionReasons,
  type Tone,
  type TranscriptionReason,
} from '@exrec/words';
import * as z from 'zod';
import type { Style, Terminal } from '../output/terminal.js';
import { fromNow } from '../output/times.js';

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

const styles: Readonly<Record<Tone, Style>> = {
  fine: 'green',
  'under-way': 'blue',
  waits: 'yellow',
  'needs-a-person': 'red',
};

/** `● in Genesys Cloud`, `▲ waiting: Genesys Cloud not reachable, next try in 40 s`. */
export function standing(recording: Recording, terminal: Terminal, nowMs: number): string {
  const { state, cause, nextTryAt } = recording;
  if (!isRecordingState(state)) return state;
  const tone = toneOf(state);
  const why = cause ? `: ${causeWords(cause).title}` : '';
  const next = state === 'waiting' && nextTryAt ? `, next try ${fromNow(nextTryAt, nowMs)}` : '';
  return `${terminal.paint(styles[tone], shapeOf[tone])} ${stateWords(state)}${why}${next}`;
}

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
