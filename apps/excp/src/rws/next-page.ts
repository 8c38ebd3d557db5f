import { isJsonObject, ownValue, textOf, type JsonObject } from '../interaction/index.js';

/**
 * Where a page of search results says that the next one is: `nextUri`, `next`, `links.next` or a `Link` header
 * (docs/design/CONTRACTS.md#9-clarifications (5)). GIR gives "links to the previous and next page" whose names are not public (docs/reference/genesys-facts.md#33-query-parameters).
 */
export function nextPageLink(page: JsonObject, linkHeader: string | undefined): string | undefined {
  const links = ownValue(page, 'links');
  return (
    textOf(ownValue(page, 'nextUri')) ??
    textOf(ownValue(page, 'next')) ??
    (isJsonObject(links) ? textOf(ownValue(links, 'next')) : undefined) ??
    nextOfHeader(linkHeader)
  );
}

/**
 * The address to ask for a link found on the page at `current`: path and query of the link at RWS_URL's own
 * origin, so that the credentials never go elsewhere. Only the host must be the same: behind a proxy that
 * ends TLS, RWS takes its scheme and port for others than they are.
 * @returns undefined when the link is no address, or one on another host
 */
export function onSameHost(link: string, current: URL): URL | undefined {
  if (!URL.canParse(link, current.href)) return undefined;
  const { protocol, hostname, pathname, search } = new URL(link, current);
  if (!/^https?:$/.test(protocol) || hostname !== current.hostname) return undefined;
  const next = new URL(current);
  // By the setters, since a path of two slashes would be read as a host.
  next.pathname = pathname;
  next.search = search;
  return next;
}

/** RFC 8288: `<address>; rel="next"`, several separated by commas. */
function nextOfHeader(header: string | undefined): string | undefined {
  for (const [, address, parameters = ''] of (header ?? '').matchAll(/<([^<>]*)>([^<]*)/g)) {
    if (/;\s*rel\s*=\s*("([^"]*\s)?next(\s[^"]*)?"|next\b)/i.test(parameters)) return address;
  }
  return undefined;
}
