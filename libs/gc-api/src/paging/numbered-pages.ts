import { Failure } from '@exrec/service-kit';
import * as z from 'zod';
import { ReadableEntities } from './readable-entities.js';
import type { GcRequest, GcSession } from '../request/gc-request.js';

/** More pages than any organisation has: an answer that asks for more is broken. */
export const maxPages = 1000;

export type PagedCall<T> = Pick<GcRequest<unknown>, 'kind' | 'template' | 'signal'> & {
  readonly query?: Readonly<Record<string, string>>;
  readonly pageSize: number;
  readonly entity: z.ZodType<T>;
};

/**
 * All entities of a listing with page numbers (`pageNumber`, `pageCount`, `nextUri`) (docs/reference/genesys-facts.md#43-public-keys, docs/reference/genesys-facts.md#53-sta-and-transcription-configuration),
 * once each. Links are never followed, only counted: the host is always ours.
 * @throws Failure `gc-unavailable` when the pages repeat or never end
 */
export async function readNumberedPages<T extends { readonly id: string }>(
  session: GcSession,
  { kind, template, signal, query, pageSize, entity }: PagedCall<T>,
): Promise<T[]> {
  const shape = z.object({
    // Required: without its list an answer is cut short, and not a listing of nothing.
    entities: z.array(z.unknown()),
    pageCount: z.number().nullish(),
    nextUri: z.string().nullish(),
  });
  const all = new ReadableEntities(entity);
  const found = new Map<string, T>();
  for (let pageNumber = 1; pageNumber <= maxPages; pageNumber += 1) {
    const paging = { pageSize: `${pageSize}`, pageNumber: `${pageNumber}` };
    const page = await session.call({
      kind,
      method: 'GET',
      template,
      query: new URLSearchParams({ ...query, ...paging }),
      shape,
      signal,
    });
    const { entities } = page;
    const known = found.size + all.leftOut.length;
    all.add(entities);
    for (const one of all.found) found.set(one.id, one);
    const more =
      typeof page.pageCount === 'number' ? pageNumber < page.pageCount : Boolean(page.nextUri);
    if (!more) {
      all.assertReadable(template);
      session.warnOf(template, all.leftOut);
      return [...found.values()];
    }
    // A page without anything new: the server gives the same page again and again.
    if (entities.length === 0 || found.size + all.leftOut.length === known) throw endless(template);
  }
  throw endless(template);
}

export function endless(template: string): Failure {
  return Failure.later('gc-unavailable', {
    detail: `GET ${template}: the pages repeat or never end`,
  });
}
