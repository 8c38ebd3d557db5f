import * as z from 'zod';
import type { GcSession } from '../request/gc-request.js';
import { ReadableEntities } from './readable-entities.js';
import { endless, maxPages, type PagedCall } from './numbered-pages.js';

/**
 * All entities of a listing whose `nextUri` carries the cursor `nextPage` (docs/reference/genesys-facts.md#53-sta-and-transcription-configuration).
 * Only the query of `nextUri` is used, and it goes to the same path of our own API origin: a link
 * to another host is never followed.
 * @throws Failure `gc-unavailable` when a cursor comes back or the pages never end
 */
export async function readCursorPages<T>(
  session: GcSession,
  { kind, template, signal, query, pageSize, entity }: PagedCall<T>,
): Promise<T[]> {
  const shape = z.object({
    // Required: without its list an answer is cut short, and not a listing of nothing.
    entities: z.array(z.unknown()),
    nextUri: z.string().nullish(),
  });
  const all = new ReadableEntities(entity);
  const seen = new Set<string>();
  let next: URLSearchParams | undefined = new URLSearchParams({
    ...query,
    pageSize: `${pageSize}`,
  });
  for (let pages = 0; next !== undefined; pages += 1) {
    next.sort();
    const cursor = next.toString();
    if (seen.has(cursor) || pages >= maxPages) throw endless(template);
    seen.add(cursor);
    const page: z.infer<typeof shape> = await session.call({
      kind,
      method: 'GET',
      template,
      query: next,
      shape,
      signal,
    });
    all.add(page.entities);
    next = page.nextUri ? followingQuery(next, page.nextUri) : undefined;
  }
  all.assertReadable(template);
  session.warnOf(template, all.leftOut);
  return all.found;
}

/** The present query with what the link says laid over it. */
function followingQuery(present: URLSearchParams, nextUri: string): URLSearchParams {
  const following = new URLSearchParams(present);
  const question = nextUri.indexOf('?');
  const said = new URLSearchParams(question < 0 ? '' : nextUri.slice(question + 1));
  for (const [name, value] of said) following.set(name, value);
  return following;
}
