import type { JsonValue } from '../interaction/index.js';
import { scanJson } from './json-scan.js';

export type JsonReading =
  | {
      readonly ok: true;
      readonly value: JsonValue;
      /** What is wrong with items, by JSON pointer; in the value each of them is null. */
      readonly faults: ReadonlyMap<string, string>;
    }
  | { readonly ok: false; readonly reason: string };

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads JSON from bytes. Refused, with a reason that repeats nothing of the text: bytes that aren't UTF-8,
 * nesting beyond 32 levels (before anything is built from it), and an object that has one key twice,
 * because nobody can say which of the two was meant. When that is one item of several (of an array, or of `mediaFiles`)
 * the others are read. Whole numbers beyond 2^53 are read as text, since JavaScript would take neighbours for one.
 */
export function readJson(bytes: Uint8Array): JsonReading {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    return { ok: false, reason: 'is not UTF-8' };
  }
  const { faults, edits } = scanJson(text);
  const whole = faults.get('');
  if (whole !== undefined) return { ok: false, reason: whole };
  try {
    const value: unknown = JSON.parse(edited(text, edits));
    // JSON.parse gives nothing else.
    return { ok: true, value: value as JsonValue, faults };
  } catch {
    return { ok: false, reason: 'is not JSON' };
  }
}

type Edit = { readonly start: number; readonly end: number; readonly text: string };

/** @param edits in their order, none within another */
function edited(text: string, edits: readonly Edit[]): string {
  if (edits.length === 0) return text;
  const parts: string[] = [];
  let at = 0;
  for (const { start, end, text: instead } of edits) {
    parts.push(text.slice(at, start), instead);
    at = end;
  }
  return parts.join('') + text.slice(at);
}
