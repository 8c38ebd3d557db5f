import { readTime } from './times.js';

const dayMs = 86_400_000;
/** Who looks for a call at a time means about that time. */
const aboutMs = 15 * 60_000;
const clock = /^([01]?\d|2[0-3]):([0-5]\d)$/;
const day = /^(today|yesterday|(sun|mon|tues|wednes|thurs|fri|satur)day|\d{4}-\d{2}-\d{2})$/i;
const moment = /^\d{4}-\d{2}-\d{2}T/;

type Span = { readonly from: string; readonly to: string };

/**
 * What a person types to find a call, in any order: `7105 10:15`, `VQ_Billing yesterday`, `0110 monday 10:15`.
 * A time means the quarter of an hour before and after it, a day all of it.
 */
export function readWords(
  words: readonly string[],
  nowMs: number,
): { readonly rest: string[]; readonly span: Span | undefined } {
  const rest: string[] = [];
  let dayStartMs: number | undefined;
  let clockMs: number | undefined;
  for (const word of words.flatMap((each) => each.trim().split(/\s+/)).filter(Boolean)) {
    const [, hours, minutes] = clock.exec(word) ?? [];
    const atMs =
      day.test(word) || moment.test(word)
        ? readTime(moment.test(word) ? word : word.toLowerCase(), nowMs)
        : undefined;
    if (hours !== undefined) clockMs = (Number(hours) * 60 + Number(minutes)) * 60_000;
    else if (atMs === undefined) rest.push(word);
    else dayStartMs = atMs;
    if (atMs !== undefined && moment.test(word)) clockMs = 0;
  }
  return { rest, span: spanOf(dayStartMs, clockMs, nowMs) };
}

function spanOf(
  dayStartMs: number | undefined,
  clockMs: number | undefined,
  nowMs: number,
): Span | undefined {
  if (dayStartMs === undefined && clockMs === undefined) return undefined;
  const startMs = dayStartMs ?? readTime('today', nowMs) ?? nowMs;
  if (clockMs === undefined) return isoSpan(startMs, startMs + dayMs);
  return isoSpan(startMs + clockMs - aboutMs, startMs + clockMs + aboutMs);
}

function isoSpan(fromMs: number, toMs: number): Span {
  return { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
}
