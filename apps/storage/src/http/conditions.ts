import type { IncomingHttpHeaders } from 'node:http';
import type { Entry } from '../files/entry.js';

/** Whether what stands there may be changed: a condition that a client set. */
export type Condition = (current: Entry | undefined) => boolean;

const conditions = ['if-match', 'if-unmodified-since', 'if-none-match'] as const;

/** The condition that the headers of a request other than GET and HEAD set, if they set one (RFC 9110 13.1). */
export function conditionOf(headers: IncomingHttpHeaders): Condition | undefined {
  if (conditions.every((name) => headers[name] === undefined)) return undefined;
  return (current) =>
    isAsExpected(headers, current) &&
    (headers['if-none-match'] === undefined || !names(headers['if-none-match'], current));
}

/** `If-Match`, or where there is none `If-Unmodified-Since` (RFC 9110 13.2.2). */
function isAsExpected(headers: IncomingHttpHeaders, current: Entry | undefined): boolean {
  const ifMatch = headers['if-match'];
  // A weak tag matches nothing here (RFC 9110 13.1.1).
  if (ifMatch !== undefined) return names(ifMatch, current, { alsoWeak: false });
  const sinceMs = Date.parse(headers['if-unmodified-since'] ?? '');
  if (Number.isNaN(sinceMs)) return true;
  return current !== undefined && wholeSeconds(current.modifiedAtMs) <= sinceMs;
}

/** What a reader with these headers gets (RFC 9110 13.2.2). */
export function readOutcome(
  headers: IncomingHttpHeaders,
  entry: Entry,
): 'content' | 'unchanged' | 'precondition' {
  if (!isAsExpected(headers, entry)) return 'precondition';
  const ifNoneMatch = headers['if-none-match'];
  if (ifNoneMatch !== undefined) return names(ifNoneMatch, entry) ? 'unchanged' : 'content';
  const sinceMs = Date.parse(headers['if-modified-since'] ?? '');
  return wholeSeconds(entry.modifiedAtMs) <= sinceMs ? 'unchanged' : 'content';
}

/** The `Last-Modified` of an entry. */
export function httpDate(epochMs: number): string {
  return new Date(epochMs).toUTCString();
}

export type ByteRange = { readonly start: number; readonly end: number };

/**
 * The part of a file that is asked for, both ends included; `whole` without a usable range, and for
 * several ranges, which a server may ignore (RFC 9110 14.2).
 */
export function requestedRange(
  headers: IncomingHttpHeaders,
  entry: Entry,
): ByteRange | 'whole' | 'unsatisfiable' {
  const match = /^bytes=(\d*)-(\d*)$/.exec(headers.range ?? '');
  const [first = '', last = ''] = match?.slice(1) ?? [];
  if ((first === '' && last === '') || !rangeStillApplies(headers, entry)) return 'whole';
  const lastByte = entry.sizeBytes - 1;
  const range =
    first === ''
      ? { start: Math.max(0, entry.sizeBytes - Number(last)), end: lastByte }
      : { start: Number(first), end: last === '' ? lastByte : Math.min(Number(last), lastByte) };
  if (first !== '' && last !== '' && Number(last) < Number(first)) return 'whole';
  return range.start > lastByte || range.end < range.start ? 'unsatisfiable' : range;
}

function rangeStillApplies(headers: IncomingHttpHeaders, entry: Entry): boolean {
  const ifRange = headers['if-range'];
  return (
    ifRange === undefined || ifRange === entry.etag || ifRange === httpDate(entry.modifiedAtMs)
  );
}

function names(list: string, entry: Entry | undefined, { alsoWeak = true } = {}): boolean {
  if (entry === undefined) return false;
  const tags = list
    .split(',')
    .map((tag) => (alsoWeak ? tag.trim().replace(/^W\//, '') : tag.trim()));
  return tags.includes('*') || tags.includes(entry.etag);
}

function wholeSeconds(epochMs: number): number {
  return Math.floor(epochMs / 1000) * 1000;
}
