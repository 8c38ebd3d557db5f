import * as z from 'zod';
import type { Context } from '../context.js';
import { timeWords } from '../output/times.js';

const text = z.string().nullish();
const logSchema = z.looseObject({
  parties: z
    .array(
      z.looseObject({
        dn: z.string(),
        agentId: text,
        partyType: text,
        addedAt: text,
        establishedAt: text,
        goneAt: text,
        intervals: z.array(z.looseObject({ state: z.string(), from: text, to: text })).default([]),
      }),
    )
    .default([]),
  queueVisits: z
    .array(z.looseObject({ queue: z.string(), enteredAt: text, leftAt: text, outcome: text }))
    .default([]),
  userData: z.array(z.looseObject({ at: text })).default([]),
});

type Moment = { readonly at: string; readonly words: string };

/** What happened, in order, as one would read it aloud; of a call that EXCP still has. */
export function timeLine(log: unknown, { nowMs }: Context): string[] {
  const reading = logSchema.safeParse(log);
  if (!reading.success) return [];
  const { parties, queueVisits } = reading.data;
  const moments: Moment[] = [];
  const say = (at: string | null | undefined, words: string) => {
    if (at) moments.push({ at, words });
  };
  for (const { queue, enteredAt, leftAt, outcome } of queueVisits) {
    say(enteredAt, `enters the queue ${queue}`);
    say(leftAt, outcome === 'abandoned' ? `gives up in ${queue}` : `leaves ${queue}`);
  }
  for (const { dn, agentId, partyType, addedAt, establishedAt, goneAt, intervals } of parties) {
    if (partyType === 'queue') continue;
    const who = agentId ? `${agentId} (${dn})` : dn;
    say(addedAt, establishedAt === addedAt ? `${who} joins` : `${who} rings`);
    if (establishedAt !== addedAt) say(establishedAt, `${who} answers`);
    for (const { state, from, to } of intervals.filter((one) => one.state === 'held')) {
      say(from, `${who} puts the call on ${state === 'held' ? 'hold' : state}`);
      if (to !== goneAt) say(to, `${who} is back`);
    }
    say(goneAt, `${who} leaves`);
  }
  moments.sort((left, right) => Date.parse(left.at) - Date.parse(right.at));
  return moments.map(({ at, words }) => `  ${timeWords(at, nowMs)}  ${words}`);
}
