import { pageSchema } from '../connection/recording.js';
import { CliError } from '../connection/cli-error.js';
import type { Service } from '../connection/service.js';
import type { Span } from './candidate.js';

const pageSize = 500;
/** Of a recording whose time is not told as exactly as the span. */
const marginMs = 86_400_000;

/** The media files that the ledger has of a time; undefined: there is no ledger, and EXCP says what it has. */
export async function knownMedia(
  ledger: Service,
  { fromMs, toMs }: Span,
): Promise<ReadonlySet<string> | undefined> {
  const known = new Set<string>();
  const from = new Date(fromMs - marginMs).toISOString();
  const to = new Date(toMs + marginMs).toISOString();
  let cursor: string | undefined;
  try {
    await ledger.answer('/version');
  } catch (error) {
    if (error instanceof CliError) return undefined;
    throw error;
  }
  do {
    const page = pageSchema.parse(
      await ledger.ask('/api/v1/recordings', { query: { from, to, limit: pageSize, cursor } }),
    );
    for (const { mediaId } of page.items)
      if (mediaId !== null && mediaId !== undefined) known.add(mediaId);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return known;
}
