import type { Entry } from '../files/entry.js';
import { formatStoragePath, type StoragePath } from '../files/storage-path.js';
import { httpDate } from './conditions.js';
import { contentTypeOf } from './get.js';
import type { PropfindRequest, PropertyName } from './propfind-request.js';

export const multistatusStart =
  '<?xml version="1.0" encoding="utf-8"?>\n<D:multistatus xmlns:D="DAV:">';
export const multistatusEnd = '</D:multistatus>\n';

type Subject = { readonly path: StoragePath; readonly entry: Entry };

/** The live properties; a value of `undefined` means that this kind of entry has none. */
const properties: Readonly<Record<string, (subject: Subject) => string | undefined>> = {
  resourcetype: ({ entry }) => (entry.kind === 'collection' ? '<D:collection/>' : ''),
  getcontentlength: ({ entry }) => ofFile(entry, `${entry.sizeBytes}`),
  getlastmodified: ({ entry }) => httpDate(entry.modifiedAtMs),
  getetag: ({ entry }) => ofFile(entry, entry.etag),
  getcontenttype: ({ entry, path }) => ofFile(entry, contentTypeOf(path.at(-1) ?? '')),
  creationdate: ({ entry }) => new Date(entry.createdAtMs).toISOString(),
};

/** One `response` element: what there is of what was asked for, and what there is not. */
export function responseElement(subject: Subject, request: PropfindRequest): string {
  const found: string[] = [];
  const missing: string[] = [];
  for (const { namespace, local } of wantedNames(request)) {
    const isLive = namespace === 'DAV:' && Object.hasOwn(properties, local);
    const value = isLive ? properties[local]?.(subject) : undefined;
    if (value === undefined) missing.push(emptyElement({ namespace, local }));
    else
      found.push(
        request.want === 'names' || value === ''
          ? `<D:${local}/>`
          : `<D:${local}>${value}</D:${local}>`,
      );
  }
  const absent = request.want === 'some' && missing.length > 0;
  return (
    `<D:response><D:href>${hrefOf(subject)}</D:href>` +
    (found.length > 0 || !absent ? propstat(found, '200 OK') : '') +
    (absent ? propstat(missing, '404 Not Found') : '') +
    '</D:response>'
  );
}

function wantedNames(request: PropfindRequest): readonly PropertyName[] {
  if (request.want === 'some') return request.names;
  return Object.keys(properties).map((local) => ({ namespace: 'DAV:', local }));
}

function hrefOf({ path, entry }: Subject): string {
  const href = formatStoragePath(path);
  return entry.kind === 'collection' && path.length > 0 ? `${href}/` : href;
}

function propstat(elements: readonly string[], status: string): string {
  return `<D:propstat><D:prop>${elements.join('')}</D:prop><D:status>HTTP/1.1 ${status}</D:status></D:propstat>`;
}

function emptyElement({ namespace, local }: PropertyName): string {
  return namespace === 'DAV:' ? `<D:${local}/>` : `<${local} xmlns="${escapeXml(namespace)}"/>`;
}

function ofFile(entry: Entry, value: string): string | undefined {
  return entry.kind === 'file' ? value : undefined;
}

function escapeXml(text: string): string {
  return text.replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
