import { causeWords, scopeWords, trailWords } from '@exrec/words';
import * as z from 'zod';
import { CliError, exitCodes } from '../connection/cli-error.js';
import { pageSchema, recordingSchema, transcription } from '../connection/recording.js';
import type { Service } from '../connection/service.js';
import { write, serviceOf, type CommonFlags, type Context } from '../context.js';
import { standing } from '../output/standing.js';
import { durationWords, timeWords } from '../output/times.js';
import { timeLine } from '../output/time-line.js';

const text = z.string().nullish();
const attemptSchema = z.looseObject({
  attempt: z.number().nullish(),
  outcome: text,
  cause: text,
  detail: text,
  endedAt: text,
  endedAtMs: z.number().nullish(),
});
const wholeSchema = recordingSchema.extend({
  history: z.array(attemptSchema).default([]),
  staTrail: z.array(z.looseObject({ rule: z.string(), value: text })).default([]),
  requeues: z.array(z.looseObject({ by: text, why: text })).default([]),
  audio: z.looseObject({ sizeBytes: z.number().nullish(), sha256: text }).nullish(),
  keyFingerprint: text,
  uploadKey: text,
  reportStatus: text,
});
type Whole = z.infer<typeof wholeSchema>;
const numberSchema = z.looseObject({ lastFour: text }).nullish();
const callSchema = z.looseObject({
  interactionId: z.string(),
  conversationId: text,
  state: text,
  direction: text,
  startTime: text,
  endTime: text,
  ani: numberSchema,
  dnis: numberSchema,
  flags: z.array(z.string()).default([]),
  conversation: z.looseObject({ state: text, detail: text }).nullish(),
  recordings: z.array(wholeSchema).default([]),
});
type Call = z.infer<typeof callSchema>;

/** A call with all its recordings, by any id of the call or of one of its recordings: time line, decisions, attempts. */
export async function show(context: Context, flags: CommonFlags, id = ''): Promise<number> {
  const ledger = serviceOf('ledger', context, flags);
  const path = `/api/v1/interactions/${encodeURIComponent(await interactionOf(ledger, id))}`;
  const document = await ledger.ask(path);
  const call = callSchema.parse(document);
  const log = flags.json === true ? undefined : await ledger.answer(`${path}/log`);
  write(context, flags, document, [
    ...headLines(call, context),
    ...(log?.status === 200 ? timeLine(log.body, (iso) => timeWords(iso, context.nowMs)) : []),
    ...call.recordings.flatMap((one) => ['', ...recordingDetail(one, context)]),
  ]);
  return exitCodes.fine;
}

/** Any id that a person may have in hand: of a call, a recording, a conversation or a file. */
async function interactionOf(ledger: Service, id: string): Promise<string> {
  const { status } = await ledger.answer(`/api/v1/interactions/${encodeURIComponent(id)}`);
  if (status !== 404) return id;
  const page = pageSchema.parse(
    await ledger.ask('/api/v1/recordings', { query: { q: id, limit: 2 } }),
  );
  const ids = new Set(page.items.map((one) => one.interactionId ?? one.callUUID));
  const [only] = ids;
  if (ids.size === 1 && only !== null && only !== undefined) return only;
  if (ids.size > 1)
    throw new CliError(`${id} is in several calls`, { hint: `\`exrec find ${id}\` lists them` });
  throw new CliError(`nothing is known of ${id}`, {
    hint: '`exrec find` takes any part that you know: agent, queue, file name, last four digits',
  });
}

function headLines(call: Call, { terminal, nowMs }: Context): string[] {
  const { startTime, endTime, ani, dnis, recordings, state } = call;
  const spanMs =
    startTime && endTime ? new Date(endTime).getTime() - new Date(startTime).getTime() : null;
  const numbers =
    ani?.lastFour || dnis?.lastFour
      ? `…${ani?.lastFour ?? '?'} → …${dnis?.lastFour ?? '?'} · `
      : '';
  const count = recordings.length === 1 ? '1 recording' : `${recordings.length} recordings`;
  const conversation = call.conversation?.state
    ? [`conversation ${call.conversationId ?? ''} ${call.conversation.state}`.replace('  ', ' ')]
    : [];
  return [
    `${terminal.paint('bold', `Call ${call.interactionId}`)}  ${call.direction ?? ''}`,
    `${numbers}${timeWords(startTime, nowMs)} · ${state === 'open' ? 'goes on' : durationWords(spanMs)} · ${count}`,
    ...conversation,
    ...(call.flags.length > 0 ? [`flags: ${call.flags.join(', ')}`] : []),
  ];
}

function recordingDetail(one: Whole, context: Context): string[] {
  const { terminal, nowMs } = context;
  const who = one.agent ?? one.dn ?? one.recordedParty ?? 'unknown';
  const lines = [
    `${terminal.paint('bold', who)} · ${one.queue ?? 'no queue'} · ${timeWords(one.startTime, nowMs)} · ${durationWords(one.durationMs)}`,
    `  ${standing(one, terminal, nowMs)}  (${one.state}${one.cause ? `, ${one.cause}` : ''})`,
    `  recording ${one.recordingId}  file ${one.mediaId ?? '–'}`,
    ...decisionLines(one),
  ];
  if (one.cause) {
    const { means, todo } = causeWords(one.cause);
    lines.push(
      ...optional(one.detail),
      ...optional(means),
      ...(todo === '' ? [] : [`  → ${todo}`]),
    );
  }
  for (const attempt of one.history.slice(-5)) lines.push(`  ${attemptWords(attempt, nowMs)}`);
  for (const { by, why } of one.requeues)
    lines.push(`  sent again by ${by ?? '?'}${why ? `: ${why}` : ''}`);
  if (one.keyFingerprint) lines.push(`  sealed to ${one.keyFingerprint}`);
  if (one.uploadKey)
    lines.push(`  uploaded as ${one.uploadKey}  report: ${one.reportStatus ?? 'none yet'}`);
  if (one.flags.length > 0) lines.push(`  flags: ${one.flags.join(', ')}`);
  return lines;
}

/** Whether it is sent, whether and how it is transcribed, and step by step why. */
function decisionLines(one: Whole): string[] {
  const { scope, queue, program, staTrail } = one;
  if (!scope) return [];
  const { inScope, rule = null } = scope;
  const head = [`  ${scopeWords({ inScope, rule })}`];
  // Nobody asks how something would have been transcribed that is not sent.
  if (!inScope) return head;
  const steps = staTrail.map(({ rule: name, value }) => {
    const known = value === program?.id ? (program?.name ?? value) : value;
    return `    · ${trailWords(name, { value: known, queue })}`;
  });
  return [...head, ...optional(transcription(one)), ...steps];
}

const optional = (words: string | null | undefined) => (words ? [`  ${words}`] : []);

function attemptWords(attempt: z.infer<typeof attemptSchema>, nowMs: number): string {
  const { endedAt, endedAtMs, outcome, cause, detail } = attempt;
  const at = endedAt ?? (endedAtMs ? new Date(endedAtMs).toISOString() : null);
  const why = cause ? `: ${causeWords(cause).title}${detail ? ` (${detail})` : ''}` : '';
  return `try ${attempt.attempt ?? '?'}, ${timeWords(at, nowMs)}: ${outcome ?? '?'}${why}`;
}
