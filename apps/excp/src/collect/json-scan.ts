/** Metadata and call events nest four levels deep. */
export const maxDepth = 32;
/** A call has some hundred attached data. */
const mostKeys = 10_000;
/** No body may have as many items, so one that has so many at fault is refused as a whole. */
const mostFaults = 5_000;
/** More digits than that may be beyond 2^53. */
const safeDigits = 15;

export type JsonScan = {
  /** By JSON pointer of the item, or '' for the whole text. */
  readonly faults: ReadonlyMap<string, string>;
  /** Pieces of the text to be replaced, in their order. */
  readonly edits: readonly {
    readonly start: number;
    readonly end: number;
    readonly text: string;
  }[];
};

/** An open bracket. */
type Level = {
  /** The keys seen; undefined for an array. */
  readonly keys: Set<string> | undefined;
  readonly start: number;
  /** The index, or the key, of what is read now. */
  at: number | string;
};

/**
 * Looks at the nesting, the keys and the long numbers of a JSON text, without building anything. Text that isn't JSON at
 * all may pass: `JSON.parse` is the judge of that.
 */
export function scanJson(text: string): JsonScan {
  const faults = new Map<string, string>();
  const edits: { start: number; end: number; text: string }[] = [];
  const open: Level[] = [];
  let mayBeKey = false;
  /** The item whose end is awaited because it is at fault: nothing of it is read. */
  let faulty: { readonly depth: number; readonly start: number } | undefined;
  const refuse = (reason: string): boolean => {
    const item = faults.size < mostFaults ? itemOf(open) : undefined;
    faults.set(item?.pointer ?? '', reason);
    if (item === undefined) return false;
    faulty = { depth: item.depth, start: open[item.depth]?.start ?? 0 };
    while (edits.length > 0 && (edits.at(-1)?.start ?? 0) >= faulty.start) edits.pop();
    return true;
  };
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') {
      const end = endOfString(text, at);
      const level = faulty === undefined ? open.at(-1) : undefined;
      if (mayBeKey && level?.keys !== undefined) {
        const key = keyOf(text.slice(at, end + 1));
        level.at = key;
        const isTwice = level.keys.has(key);
        level.keys.add(key);
        if (isTwice && !refuse('has an object with one key twice')) return { faults, edits: [] };
        if (level.keys.size > mostKeys && !refuse(`has an object of more than ${mostKeys} keys`))
          return { faults, edits: [] };
      }
      mayBeKey = false;
      at = end;
    } else if (character === '{' || character === '[') {
      depth += 1;
      mayBeKey = true;
      if (faulty !== undefined) continue;
      const isObject = character === '{';
      open.push({ keys: isObject ? new Set() : undefined, start: at, at: isObject ? '' : 0 });
      if (depth > maxDepth && !refuse(`is nested deeper than ${maxDepth} levels`))
        return { faults, edits: [] };
    } else if (character === '}' || character === ']') {
      depth -= 1;
      if (faulty === undefined) open.pop();
      else if (depth === faulty.depth) {
        edits.push({ start: faulty.start, end: at + 1, text: 'null' });
        open.length = depth;
        faulty = undefined;
      }
    } else if (character === ',') {
      mayBeKey = true;
      const level = faulty === undefined ? open.at(-1) : undefined;
      if (typeof level?.at === 'number') level.at += 1;
    } else if (isDigit(text, at)) {
      const end = endOfDigits(text, at);
      if (faulty === undefined && end - at > safeDigits) {
        const start = text[at - 1] === '-' ? at - 1 : at;
        if (isWhole(text, start, end))
          edits.push({ start, end, text: `"${text.slice(start, end)}"` });
      }
      at = end - 1;
    }
  }
  // It never ends: nothing of it is to be built.
  if (faulty !== undefined) faults.set('', [...faults.values()].at(-1) ?? '');
  return { faults, edits };
}

/** The innermost item that can be left out: of an array, or of `mediaFiles`. `depth`: how many brackets are around it. */
function itemOf(open: readonly Level[]): { pointer: string; depth: number } | undefined {
  const [first, second, third] = open;
  const isList = first !== undefined && first.keys === undefined;
  const [holder, list] = isList ? [second, third] : [first, second];
  const outer = isList ? `/${first.at}` : '';
  const listDepth = isList ? 2 : 1;
  const isInList = list !== undefined && list.keys === undefined && holder?.at === 'mediaFiles';
  if (isInList && open.length > listDepth + 1)
    return { pointer: `${outer}/mediaFiles/${list.at}`, depth: listDepth + 1 };
  return isList && open.length > 1 ? { pointer: outer, depth: 1 } : undefined;
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0x30 && code <= 0x39;
}

function endOfDigits(text: string, start: number): number {
  let end = start + 1;
  while (isDigit(text, end)) end += 1;
  return end;
}

/** Neither a part of a decimal number nor followed by an exponent. */
function isWhole(text: string, start: number, end: number): boolean {
  return !/[.eE+\-\d]/.test(text[start - 1] ?? '') && !/[.eE]/.test(text[end] ?? '');
}

/** Index of the closing quote of the string that opens at `start`, or of the end of the text. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end >= 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end < 0 ? text.length : end;
}

/** Behind an odd number of backslashes. */
function isEscaped(text: string, at: number): boolean {
  let start = at;
  while (text[start - 1] === '\\') start -= 1;
  return (at - start) % 2 === 1;
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
