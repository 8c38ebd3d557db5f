import { Failure } from '@exrec/service-kit';
import {
  isJsonArray,
  isJsonObject,
  ownValue,
  textOf,
  type JsonObject,
  type JsonValue,
} from '../interaction/index.js';
import { nextPageLink, onSameHost } from './next-page.js';
import { unavailable, type RwsAnswer } from './rws-http.js';

export type SearchRow =
  | { readonly kind: 'recording'; readonly json: JsonValue }
  | { readonly kind: 'uri'; readonly uri: string };

export interface SearchSource {
  /** The search itself, without an `offset`. */
  readonly first: URL;
  readonly get: (url: URL) => Promise<RwsAnswer>;
}

/** More than any look needs: discovery looks at an hour at a time. */
const maxRows = 100_000;
/** So many pages in a row that bring nothing new are a loop. */
const maxBarrenPages = 10;
/** Older releases give only this many hits, and no way to the rest (docs/reference/genesys-facts.md#33-query-parameters). */
const oldLimit = 100;

/**
 * All rows of a search, page by page: by the link to the next page, else by counting an `offset` until nothing more
 * comes (docs/design/CONTRACTS.md#9-clarifications (5)). A recording may come twice; an address does not. Holds one page and the ids seen.
 * @throws Failure (later): what `get` throws; `rws-unavailable` when the pages lead elsewhere or in a
 *   loop; `rws-incomplete` when there is too much, or RWS keeps the rest of a long result to itself
 */
export async function* searchRows({ first, get }: SearchSource): AsyncGenerator<SearchRow> {
  const asked = new Set<string>();
  const seen = new Set<string>();
  let rowCount = 0;
  let barrenPages = 0;
  let isLinked = false;
  for (let url = first; ;) {
    if (asked.has(url.href)) throw unavailable('the pages of a search form a loop');
    asked.add(url.href);
    const page = await pageAt(url, { get, mayRefuse: !isLinked && asked.size === 2 });
    // RWS knows no offset.
    if (page === undefined) {
      assertWhole(rowCount);
      return;
    }
    const seenBefore = seen.size;
    for (const { row, key } of page.rows) {
      const isNew = !seen.has(key);
      seen.add(key);
      if (isNew || row.kind === 'recording') yield row;
    }
    rowCount += page.rows.length;
    if (rowCount > maxRows) throw incomplete(`a search gives more than ${maxRows} rows`);
    const isBarren = seen.size === seenBefore;
    barrenPages = isBarren ? barrenPages + 1 : 0;
    if (barrenPages >= maxBarrenPages) throw unavailable('the pages of a search form a loop');
    if (page.next !== undefined) {
      isLinked = true;
      url = linked(page.next, url);
    } else if (isLinked || page.rows.length === 0) return;
    else if (isBarren) {
      // RWS takes no notice of the offset.
      assertWhole(page.rows.length);
      return;
    } else url = counted(first, rowCount);
  }
}

interface Page {
  readonly rows: readonly { readonly row: SearchRow; readonly key: string }[];
  readonly next: string | undefined;
}

/** Undefined when RWS refuses the request and may do so. */
async function pageAt(
  url: URL,
  { get, mayRefuse }: { readonly get: SearchSource['get']; readonly mayRefuse: boolean },
): Promise<Page | undefined> {
  try {
    const { body, headers } = await get(url);
    return { rows: rowsOf(body), next: nextPageLink(body, headers.link) };
  } catch (error) {
    if (mayRefuse && error instanceof Failure && error.code === 'rws-refused') return undefined;
    throw error;
  }
}

function rowsOf(body: JsonObject): Page['rows'] {
  const [recordings, uris] = ['recordings', 'uris'].map((name) => ownValue(body, name));
  if (isJsonArray(recordings)) {
    return recordings.map((json) => ({ row: { kind: 'recording', json }, key: keyOf(json) }));
  }
  if (isJsonArray(uris)) {
    return uris.flatMap((uri) =>
      typeof uri === 'string' ? [{ row: { kind: 'uri' as const, uri }, key: uri }] : [],
    );
  }
  if (recordings === null || uris === null) return [];
  throw unavailable('the answer to a search has neither recordings nor uris');
}

function keyOf(json: JsonValue): string {
  return (isJsonObject(json) ? textOf(ownValue(json, 'id')) : undefined) ?? JSON.stringify(json);
}

function linked(link: string, current: URL): URL {
  const next = onSameHost(link, current);
  if (next === undefined) {
    const detail = 'the next page is on another host; RWS_URL must have the host that RWS names';
    throw unavailable(detail);
  }
  return next;
}

function counted(first: URL, offset: number): URL {
  const url = new URL(first);
  url.searchParams.set('offset', `${offset}`);
  return url;
}

/** Without pages, a result as long as RWS may give is one that may have been cut. */
function assertWhole(rowCount: number): void {
  if (rowCount < oldLimit) return;
  const detail = `RWS gives ${rowCount} rows of a search and no further page`;
  throw incomplete(detail);
}

/** A shorter time may have few enough. */
function incomplete(detail: string): Failure {
  return Failure.later('rws-incomplete', { detail });
}
