import type { Call } from './endpoint.js';
import { GcError } from './gc-error.js';

/**
 * One page by number, with the link fields of GC's entity listings (docs/reference/genesys-facts.md#43-public-keys, docs/reference/genesys-facts.md#53-sta-and-transcription-configuration).
 * A page behind the last is empty.
 * @throws GcError 400 for a page number or size out of range
 */
export function numberedPage(
  call: Call,
  items: readonly unknown[],
  pageSizeMax: number,
): Record<string, unknown> {
  const pageSize = wholeNumber(call, 'pageSize', 25, pageSizeMax);
  const pageNumber = wholeNumber(call, 'pageNumber', 1, Number.MAX_SAFE_INTEGER);
  const pageCount = Math.ceil(items.length / pageSize);
  const uri = (page: number) => uriWith(call, { pageSize: `${pageSize}`, pageNumber: `${page}` });
  return {
    entities: items.slice((pageNumber - 1) * pageSize, pageNumber * pageSize),
    pageSize,
    pageNumber,
    total: items.length,
    pageCount,
    firstUri: uri(1),
    selfUri: uri(pageNumber),
    lastUri: uri(Math.max(1, pageCount)),
    ...(pageNumber < pageCount && { nextUri: uri(pageNumber + 1) }),
    ...(pageNumber > 1 && { previousUri: uri(pageNumber - 1) }),
  };
}

/**
 * One page by cursor: `nextUri` carries `nextPage`, and is absent on the last page (docs/reference/genesys-facts.md#53-sta-and-transcription-configuration).
 * The cursor is opaque: nobody is to count with it.
 * @throws GcError 400 for a cursor that was never given out
 */
export function cursorPage(
  call: Call,
  items: readonly unknown[],
  pageSizeMax: number,
): Record<string, unknown> {
  const pageSize = wholeNumber(call, 'pageSize', 20, pageSizeMax);
  const start = offsetOf(call.query.get('nextPage'));
  const next = start + pageSize;
  return {
    entities: items.slice(start, next),
    pageSize,
    pageCount: Math.ceil(items.length / pageSize),
    selfUri: uriWith(call, {}),
    ...(next < items.length && {
      nextUri: uriWith(call, { pageSize: `${pageSize}`, nextPage: cursorOf(next) }),
    }),
  };
}

function cursorOf(offset: number): string {
  return Buffer.from(`after:${offset}`).toString('base64url');
}

function offsetOf(cursor: string | null): number {
  if (cursor === null || cursor === '') return 0;
  const offset = /^after:(\d+)$/.exec(Buffer.from(cursor, 'base64url').toString())?.[1];
  if (offset === undefined)
    throw new GcError(400, 'bad.request', 'nextPage is not a valid cursor.');
  return Number(offset);
}

function wholeNumber(call: Call, name: string, fallback: number, max: number): number {
  const text = call.query.get(name);
  if (text === null) return fallback;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= max) return value;
  throw new GcError(400, 'bad.request', `${name} must be a whole number from 1 to ${max}.`);
}

function uriWith(call: Call, changes: Readonly<Record<string, string>>): string {
  const query = new URLSearchParams(call.query);
  for (const [name, value] of Object.entries(changes)) query.set(name, value);
  const text = query.toString();
  return text === '' ? call.path : `${call.path}?${text}`;
}
