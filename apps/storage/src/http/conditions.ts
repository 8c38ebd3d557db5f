import type { IncomingHttpHeaders } from 'node:http';
import type { Entry } from '../files/entry.js';

/** The condition that the headers of a change set, if they set one. */
export function conditionOf(
  headers: IncomingHttpHeaders,
): ((current: Entry | undefined) => boolean) | undefined {
  if (headers['if-match'] === undefined && headers['if-none-match'] === undefined) return undefined;
  return (current) => permitsChange(headers, current);
}

/** RFC 9110 13.1.1 and 13.1.2: whether a change of what stands there is wanted. */
function permitsChange(headers: IncomingHttpHeaders, current: Entry | undefined): boolean {
  const ifMatch = headers['if-match'];
  if (ifMatch !== undefined && !names(ifMatch, current)) return false;
  const ifNoneMatch = headers['if-none-match'];
  return ifNoneMatch === undefined || !names(ifNoneMatch, current);
}

/** What a reader with these headers gets (RFC 9110 13.2.2). */
export function readOutcome(
  headers: IncomingHttpHeaders,
  entry: Entry,
): 'content' | 'unchanged' | 'precondition' {
  const ifMatch = headers['if-match'];
  if (ifMatch !== undefined && !names(ifMatch, entry)) return 'precondition';
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

function names(list: string, entry: Entry | undefined): boolean {
  if (entry === undefined) return false;
  const tags = list.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes('*') || tags.includes(entry.etag);
}

function wholeSeconds(epochMs: number): number {
  return Math.floor(epochMs / 1000) * 1000;
}
