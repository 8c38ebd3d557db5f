import type { JsonValue } from '../interaction/index.js';

export type JsonReading =
  | { readonly ok: true; readonly value: JsonValue }
  | { readonly ok: false; readonly reason: string };

/** Our choice; metadata and call events nest four levels deep. */
export const maxDepth = 32;

/**
 * Reads JSON from bytes. Refused, with a reason that repeats nothing of the text: bytes that aren't UTF-8,
 * nesting beyond 32 levels (before anything is built from it), and an object that has one key twice,
 * because nobody can say which of the two was meant.
 */
export function readJson(bytes: Uint8Array): JsonReading {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return { ok: false, reason: 'is not UTF-8' };
  }
  const fault = faultOfStructure(text);
  if (fault !== undefined) return { ok: false, reason: fault };
  try {
    const value: unknown = JSON.parse(text);
    // JSON.parse gives nothing else.
    return { ok: true, value: value as JsonValue };
  } catch {
    return { ok: false, reason: 'is not JSON' };
  }
}

/** What is wrong with the nesting or the keys. Text that isn't JSON at all may pass: `JSON.parse` is the judge of that. */
function faultOfStructure(text: string): string | undefined {
  /** One entry for each open bracket: the keys seen, or undefined for an array. */
  const open: (Set<string> | undefined)[] = [];
  let mayBeKey = false;
  for (let at = 0; at < text.length; at += 1) {
    switch (text[at]) {
      case '"': {
        const end = endOfString(text, at);
        const keys = open.at(-1);
        if (mayBeKey && keys !== undefined) {
          const key = keyOf(text.slice(at, end + 1));
          if (keys.has(key)) return 'has an object with one key twice';
          keys.add(key);
        }
        mayBeKey = false;
        at = end;
        break;
      }
      case '{':
      case '[':
        open.push(text[at] === '{' ? new Set() : undefined);
        if (open.length > maxDepth) return `is nested deeper than ${maxDepth} levels`;
        mayBeKey = true;
        break;
      case '}':
      case ']':
        open.pop();
        break;
      case ',':
        mayBeKey = true;
        break;
    }
  }
  return undefined;
}

/** Index of the closing quote of the string that opens at `start`, or of the end of the text. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at;
  }
  return text.length;
}

/** The key that is meant: `"\u0061"` is the key `a`. */
function keyOf(quoted: string): string {
  if (!quoted.includes('\\')) return quoted.slice(1, -1);
  try {
    return String(JSON.parse(quoted));
  } catch {
    return quoted;
  }
}
