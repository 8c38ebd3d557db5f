import * as z from 'zod';
import { pageSchema, type Recording } from '../connection/recording.js';
import { exitCodes, wrongUse } from '../connection/cli-error.js';
import type { Service } from '../connection/service.js';
import {
  write,
  serviceOf,
  spanOf,
  type CommonFlags,
  type Context,
  type SpanFlags,
} from '../context.js';
import { standing } from '../output/standing.js';
import { tableLines } from '../output/table.js';
import { readWords } from '../output/about-time.js';
import { durationWords, timeWords } from '../output/times.js';

export type FilterFlags = SpanFlags & {
  readonly state?: string;
  readonly cause?: string;
  readonly agent?: string;
  readonly queue?: string;
  readonly number?: string;
};
export type FindFlags = CommonFlags &
  FilterFlags & {
    readonly dn?: string;
    readonly call?: string;
    readonly language?: string;
    readonly program?: string;
    readonly sta?: string;
    readonly scope?: string;
    readonly limit?: string;
  };

const columns = [
  { heading: 'time' },
  { heading: 'call' },
  { heading: 'agent' },
  { heading: 'queue' },
  { heading: 'length', align: 'right' },
  { heading: 'state' },
] as const;
const mostShown = 500;
const mostCalls = 20;

const callsSchema = z.object({
  items: z.array(
    z.looseObject({
      interactionId: z.string(),
      startTime: z.string().nullish(),
      state: z.string().nullish(),
      agents: z.array(z.string()).default([]),
    }),
  ),
});

/** The filters of the ledger, as the flags say them. */
export function filtersOf(flags: FilterFlags, context: Context) {
  const { state, cause, agent, queue, number } = flags;
  return { state, cause, agent, queue, number, ...spanOf(flags, context) };
}

/** Recordings by any id, file name, agent, DN, queue or number, and about a time; newest first. Ends with 1 when there is none. */
export async function find(
  context: Context,
  flags: FindFlags,
  ...words: string[]
): Promise<number> {
  const ledger = serviceOf('ledger', context, flags);
  const wanted = flags.limit === undefined ? undefined : Number(flags.limit);
  const query = { ...searchOf(flags, context, words), limit: wanted ?? 50 };
  const page = await ledger.ask('/api/v1/recordings', { query });
  const { items, nextCursor } = pageSchema.parse(page);
  const lines =
    items.length === 0
      ? await withoutRecording(ledger, query, context)
      : recordingLines(items, context).concat(
          nextCursor
            ? [`and more: --limit (at most ${mostShown}), --since or --from narrow it`]
            : [],
        );
  write(context, flags, page, lines);
  return items.length === 0 ? exitCodes.found : exitCodes.fine;
}

/** What is asked for by words and flags together. @throws CliError */
function searchOf(flags: FindFlags, context: Context, words: readonly string[]) {
  const { rest, span } = readWords(words, context.nowMs);
  if (span !== undefined && (flags.since ?? flags.from ?? flags.to) !== undefined)
    throw wrongUse('the time is given twice: as a word, and as --since, --from or --to');
  const { agent, ...filters } = filtersOf(flags, context);
  // People say "agent 7105" and mean the login or the telephone.
  const isTelephone = agent !== undefined && /^\d+$/.test(agent) && rest.length === 0;
  const { dn, call, language, program, sta, scope } = flags;
  return {
    ...{ ...filters, dn, call, language, program, sta, scope },
    agent: isTelephone ? undefined : agent,
    q: isTelephone ? agent : rest.length === 0 ? undefined : rest.join(' '),
    ...span,
  };
}

/** A call that goes on, or that nobody has recorded, has no row among the recordings. */
async function withoutRecording(
  ledger: Service,
  query: ReturnType<typeof searchOf>,
  context: Context,
): Promise<string[]> {
  const page = await ledger.ask('/api/v1/interactions', { query: { ...query, limit: mostCalls } });
  const { items } = callsSchema.parse(page);
  if (items.length === 0) return nothingFound(query.from, context);
  return [
    'calls without a recording:',
    ...items.map(({ interactionId, startTime, state, agents }) => {
      const stands = state === 'open' ? 'goes on' : 'is over';
      const who = agents.length === 0 ? '' : `  ${agents.join(', ')}`;
      return `  ${timeWords(startTime, context.nowMs)}  ${interactionId}  ${stands}${who}`;
    }),
  ];
}

function nothingFound(from: string | undefined, { nowMs }: Context): string[] {
  const isAhead = from !== undefined && Date.parse(from) > nowMs;
  return [
    'nothing found',
    ...(isAhead ? ['  → that time is still to come today: name the day, `yesterday 10:15`'] : []),
  ];
}

export function recordingLines(
  items: readonly Recording[],
  { terminal, nowMs }: Context,
): string[] {
  return tableLines(
    columns,
    items.map((one) => [
      timeWords(one.startTime, nowMs),
      (one.interactionId ?? one.callUUID ?? one.recordingId).slice(0, 8),
      one.agent ?? one.dn ?? '–',
      one.queue ?? 'no queue',
      durationWords(one.durationMs),
      standing(one, terminal, nowMs),
    ]),
  );
}
