import type { interactionView, recordingView } from './views.js';

type View = ReturnType<typeof recordingView> | ReturnType<typeof interactionView>;

/** The columns, in the order of the view that every list has. */
export function csvHeader(view: View): string {
  return csvLine(flat(view).map(([name]) => name));
}

export function csvRow(view: View): string {
  return csvLine(flat(view).map(([, value]) => value));
}

/** Objects become a column for each part, lists a text with blanks between. */
function flat(view: View): [string, string][] {
  return Object.entries(view).flatMap(([name, value]): [string, string][] => {
    const parts = partsOf[name];
    if (parts === undefined) return [[name, textOf(value)]];
    const fields = (value ?? {}) as Readonly<Record<string, unknown>>;
    return parts.map((part) => [`${name}.${part}`, textOf(fields[part])]);
  });
}

const partsOf: Readonly<Record<string, readonly string[]>> = {
  ani: ['lastFour'],
  dnis: ['lastFour'],
  scope: ['inScope', 'rule'],
  program: ['id', 'name'],
  conversation: ['state', 'detail'],
};

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  return Array.isArray(value) ? value.join(' ') : JSON.stringify(value);
}

/** A spreadsheet takes a text that begins with one of these for a formula. */
const formula = /^[=+\-@\t\r]/;

function csvLine(texts: readonly string[]): string {
  const cells = texts.map((text) => {
    const safe = formula.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  });
  return `${cells.join(',')}\r\n`;
}
