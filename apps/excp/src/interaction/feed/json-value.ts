/** What `JSON.parse` can give. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export type JsonObject = { readonly [key: string]: JsonValue };

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isJsonArray(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** The object's own value: `constructor`, `__proto__` and the like are never inherited from JavaScript. */
export function ownValue<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

/**
 * Text of a JSON string or number; everything else (and the empty string) is absent. So is `1e400`: it becomes infinite,
 * and null as soon as it is kept.
 */
export function textOf(value: unknown): string | undefined {
  const text = typeof value === 'number' && Number.isFinite(value) ? String(value) : value;
  return typeof text === 'string' && text.trim() !== '' ? text.trim() : undefined;
}

/** JSON with the keys of every object sorted by code unit: equal content, equal text. */
export function canonicalJson(value: object): string {
  return JSON.stringify(sorted(value));
}

/** A sorted copy, made beforehand: with a replacer `JSON.stringify` takes nearly twice as long. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isJsonObject(value)) return value;
  // Only without a prototype is a key `__proto__` one like any other; V8 builds objects with one faster.
  const copy: Record<string, unknown> = Object.hasOwn(value, '__proto__')
    ? { __proto__: null }
    : {};
  for (const key of Object.keys(value).sort(compareText)) copy[key] = sorted(value[key]);
  return copy;
}

/** Order by code unit: the same on every machine, whatever its locale. */
export function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
