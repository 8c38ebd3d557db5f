/** What a YAML file holds, walked without trusting it: what is missing counts as empty. */
export type Json = JsonObject | readonly Json[] | string | number | boolean | null;
export type JsonObject = { readonly [key in string]?: Json };

export function objectOf(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

export function listOf(value: unknown): readonly Json[] {
  return Array.isArray(value) ? (value as Json[]) : [];
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}
