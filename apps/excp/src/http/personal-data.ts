/** Digits of a number that everybody may see, as in the ledger (docs/design/CONTRACTS.md#11-ledger (3)). */
const shownDigits = 4;
const numberFields = new Set(['ani', 'dnis']);
/** Attached data may hold anything about a customer: only their names are shown. */
const attachedFields = new Set(['userData', 'changes', 'participants']);

/** A view as those may see it who may not see whole numbers and attached data (docs/design/CONTRACTS.md#12-who-may-do-what). */
export function withoutPersonalData(view: unknown): unknown {
  if (Array.isArray(view)) return view.map(withoutPersonalData);
  if (typeof view !== 'object' || view === null) return view;
  return Object.fromEntries(
    Object.entries(view).map(([name, value]: [string, unknown]) => [name, shown(name, value)]),
  );
}

function shown(name: string, value: unknown): unknown {
  if (numberFields.has(name) && typeof value === 'string') return lastDigits(value);
  // The list of changes is a list of objects with the same name: their times may be seen.
  if (attachedFields.has(name) && !Array.isArray(value)) return namesOnly(value);
  if (name === 'participants') return null;
  return withoutPersonalData(value);
}

function lastDigits(number: string): string {
  return `…${number.replace(/\D/g, '').slice(-shownDigits)}`;
}

function namesOnly(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value === undefined ? undefined : null;
  return Object.fromEntries(Object.keys(value).map((key) => [key, null]));
}
