/** Fields that never reach a log, whatever their value (STYLE "Logs"). */
const secretField =
  /(authorization|cookie|password|secret|token|signedurl|^url$|^ani$|^dnis$|phone|userdata|agent(id|name)?$|username|^dn$|thisdn|thirdpartydn|email)/i;

const patterns: readonly (readonly [RegExp, string])[] = [
  [/\b(Bearer|Basic)\s+[\w.~+/=-]+/gi, '$1 [redacted]'],
  [/(\w+:\/\/)[^\s/@]*@/gi, '$1[redacted]@'],
  [/(https?:\/\/[^\s?"']+)\?[^\s"']*/gi, '$1?[redacted]'],
  [/\b[\w.%+-]+@[\w-]+\.[\w.-]+\b/g, '[redacted e-mail]'],
  [/(?<![\w.:+-])\+\d{6,15}\b/g, '[redacted number]'],
  [/(?<![\w.:-])\d{7,15}(?![\w:-])/g, '[redacted number]'],
];

const maxTextLength = 2_000;
const maxDepth = 5;

/** Removes what looks like a credential, a signed URL, an e-mail address or a phone number from a text. */
export function redactText(text: string): string {
  let result = text.length > maxTextLength ? `${text.slice(0, maxTextLength)}…` : text;
  for (const [pattern, replacement] of patterns) result = result.replace(pattern, replacement);
  return result;
}

/** A copy of log fields that is safe to print: errors by name, code and redacted message only. */
export function redactFields(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, redactField(name, value, 0)]),
  );
}

function redactField(name: string, value: unknown, depth: number): unknown {
  if (value === undefined || value === null || typeof value === 'boolean') return value;
  if (secretField.test(name)) return '[redacted]';
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  if (typeof value === 'string') return redactText(value);
  if (value instanceof Error) return describeError(value);
  if (depth >= maxDepth) return '[deep]';
  if (Array.isArray(value)) return value.map((item) => redactField('', item, depth + 1));
  if (typeof value !== 'object') return '[not shown]';
  return Object.fromEntries(
    Object.entries(value).map(([inner, item]) => [inner, redactField(inner, item, depth + 1)]),
  );
}

/** Name, code and message of an error and of the one underneath; nothing else, since HTTP errors carry headers and URLs. */
export function describeError(error: Error): Record<string, unknown> {
  const code =
    'code' in error && (typeof error.code === 'string' || typeof error.code === 'number');
  return {
    name: error.name,
    ...(code ? { code: error.code } : {}),
    message: redactText(error.message),
    ...(error.cause instanceof Error ? { cause: describeError(error.cause) } : {}),
  };
}
