import { pageSchema, standing, type Recording } from '../connection/recording.js';
import { exitCodes } from '../connection/cli-error.js';
import {
  print,
  serviceOf,
  spanOf,
  type CommonFlags,
  type Context,
  type SpanFlags,
} from '../context.js';
import { tableLines } from '../output/table.js';
import { durationWords, timeWords } from '../output/times.js';

export type FilterFlags = SpanFlags & {
  readonly state?: string;
  readonly cause?: string;
  readonly agent?: string;
  readonly queue?: string;
  readonly number?: string;
};
export type FindFlags = CommonFlags & FilterFlags & { readonly limit?: string };

const columns = [
  { heading: 'time' },
  { heading: 'call' },
  { heading: 'agent' },
  { heading: 'queue' },
  { heading: 'length', align: 'right' },
  { heading: 'state' },
] as const;
const mostShown = 500;

/** The filters of the ledger, as the flags say them. */
export function filtersOf(flags: FilterFlags, context: Context) {
  const { state, cause, agent, queue, number } = flags;
  return { state, cause, agent, queue, number, ...spanOf(flags, context) };
}

/** Recordings by any id, file name, agent, DN, queue or number; newest first. Ends with 1 when there is none. */
export async function find(context: Context, flags: FindFlags, what?: string): Promise<number> {
  const ledger = serviceOf('ledger', context, flags);
  const wanted = flags.limit === undefined ? undefined : Number(flags.limit);
  const query = { ...filtersOf(flags, context), q: what, limit: wanted ?? 50 };
  const page = await ledger.ask('/api/v1/recordings', { query });
  const { items, nextCursor } = pageSchema.parse(page);
  const lines =
    items.length === 0
      ? ['nothing found']
      : recordingLines(items, context).concat(
          nextCursor
            ? [`and more: --limit (at most ${mostShown}), --since or --from narrow it`]
            : [],
        );
  print(context, flags, page, lines);
  return items.length === 0 ? exitCodes.found : exitCodes.fine;
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
