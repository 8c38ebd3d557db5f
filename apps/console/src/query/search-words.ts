import { midnight } from '../query/span.js';

/** Filters of the ledger that may be written as `name:value`. */
export const filterNames = [
  'agent',
  'dn',
  'queue',
  'state',
  'cause',
  'number',
  'call',
  'language',
  'program',
  'sta',
  'scope',
  'from',
  'to',
] as const;

const minuteMs = 60_000;
const dayMs = 86_400_000;
/** Who looks for a call at a time means about that time. */
const aboutMs = 15 * minuteMs;
const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const unitsMs: Readonly<Record<string, number>> = {
  m: minuteMs,
  h: 60 * minuteMs,
  d: dayMs,
  w: 7 * dayMs,
};

type Clock = { readonly isUtc: boolean; readonly nowMs: number };

/**
 * What a person writes into the one box, as filters of the ledger: `agent:7105 state:failed since:yesterday`, a time
 * like `10:15`, a day like `2026-03-03`, and one text for all the rest.
 */
export function queryOf(text: string, clock: Clock): Record<string, string> {
  const query: Record<string, string> = {};
  const rest: string[] = [];
  let day: Date | undefined;
  let time: string | undefined;
  for (const word of text.trim().split(/\s+/).filter(Boolean)) {
    const at = word.indexOf(':');
    const [name, value] = [word.slice(0, at).toLowerCase(), word.slice(at + 1)];
    if (isTime(word)) time = word;
    else if (dayOf(word, clock) !== undefined) day = dayOf(word, clock);
    else if (at > 0 && name === 'since') query.from = sinceOf(value, clock) ?? value;
    // People say "agent 7105" and mean the login or the telephone.
    else if (at > 0 && name === 'agent' && /^\d+$/.test(value)) rest.push(value);
    else if (at > 0 && isFilter(name)) query[name] = value;
    else rest.push(word);
  }
  const span = spanAt(day, time, clock);
  return { ...query, ...span, ...(rest.length === 0 ? {} : { q: rest.join(' ') }) };
}

function spanAt(day: Date | undefined, time: string | undefined, clock: Clock) {
  if (day === undefined && time === undefined) return {};
  const start = day ?? midnight(clock.isUtc, 0, clock.nowMs);
  if (time === undefined)
    return { from: start.toISOString(), to: new Date(start.getTime() + dayMs).toISOString() };
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  const atMs = start.getTime() + (hours * 60 + minutes) * minuteMs;
  return {
    from: new Date(atMs - aboutMs).toISOString(),
    to: new Date(atMs + aboutMs).toISOString(),
  };
}

/** @returns undefined when it is none that is known */
function sinceOf(text: string, clock: Clock): string | undefined {
  const back = /^(\d{1,4})([mhdw])$/.exec(text);
  const unitMs = unitsMs[back?.[2] ?? ''];
  if (back !== null && unitMs !== undefined)
    return new Date(clock.nowMs - Number(back[1]) * unitMs).toISOString();
  return dayOf(text, clock)?.toISOString();
}

/** The beginning of the day that a word names: `today`, `yesterday`, `monday`, `2026-03-03`. */
function dayOf(word: string, { isUtc, nowMs }: Clock): Date | undefined {
  const name = word.toLowerCase();
  const back = { today: 0, heute: 0, yesterday: 1, gestern: 1 }[name];
  if (back !== undefined) return midnight(isUtc, back, nowMs);
  const weekday = weekdays.indexOf(name);
  if (weekday >= 0) {
    const present = isUtc ? new Date(nowMs).getUTCDay() : new Date(nowMs).getDay();
    return midnight(isUtc, (present - weekday + 7) % 7, nowMs);
  }
  if (!/^\d{4}-\d{2}-\d{2}$/.test(word)) return undefined;
  const at = new Date(isUtc ? `${word}T00:00:00Z` : `${word}T00:00:00`);
  return Number.isNaN(at.getTime()) ? undefined : at;
}

function isTime(word: string): boolean {
  return /^(?:[01]?\d|2[0-3]):[0-5]\d$/.test(word);
}

function isFilter(name: string): boolean {
  return (filterNames as readonly string[]).includes(name);
}
