import { isNativeError } from 'node:util/types';

/** Fields that never reach a log, whatever their value (docs/design/STYLE.md#rules-of-the-house). */
const secretField =
  /(authorization|cookie|password|secret|token|signedurl|^url$|^ani$|^dnis$|phone|userdata|agent(id|name)?$|username|^dn$|thisdn|thirdpartydn|email)/i;

/** Each of these matches only where there is a blank, `@`, `=` or `?`. */
const patterns: readonly (readonly [RegExp, string])[] = [
  [/\b(Bearer|Basic)\s+[\w.~+/=-]+/gi, '$1 [redacted]'],
  [/\b(\w+:\/\/)[^\s/@]*@/gi, '$1[redacted]@'],
  [/(https?:\/\/[^\s?"']+)\?[^\s"']*/gi, '$1?[redacted]'],
  [/\b[\w.%+-]+@[\w-]+\.[\w.-]+\b/g, '[redacted e-mail]'],
  [
    /\b((?:access_|refresh_)?token|client_secret|password|signature|X-Amz-\w[\w-]*)=[^&\s"']+/gi,
    '$1=[redacted]',
  ],
];
const blankOrMark = /[\s@=?]/;

/**
 * Phone numbers as people and switches write them. A plain run of 7 to 15 digits counts as one:
 * a number of ours belongs in a field of its own, where it stays as it is. What stands inside a
 * word, after a hyphen or a dot is part of an id, a file name, a time or an address.
 */
const phoneNumbers = [
  /(?:(?<![\w.+-])\+|%2B)\d(?:[ ()./-]{0,2}\d){5,14}(?!\d)/gi,
  /(?<![\w.-])(?:1[ .-])?\(?\d{3}\)?[ .-]{1,2}\d{3}[ .-]\d{4}(?![\w-])/g,
  /(?<![\w.-]|\d:)\(?0\d{1,4}\)?(?:[ /-]{1,2}\d{2,8}){1,5}(?![\w-]|:\d)/g,
  /(?<![\w.-])\d{7,15}(?![\w-])/g,
];
const fewestPhoneDigits = 7;
const digitsOfPhoneNumber = new RegExp(`(?:\\d\\D*){${fewestPhoneDigits}}`);

const maxTextLength = 2_000;
const maxDepth = 5;

/** Removes what looks like a credential, a signed URL, an e-mail address or a phone number from a text. */
export function redactText(text: string): string {
  let result = text.length > maxTextLength ? `${text.slice(0, maxTextLength)}…` : text;
  // Most texts of a log line are ids, names and routes: two looks instead of nine.
  if (blankOrMark.test(result))
    for (const [pattern, replacement] of patterns) result = result.replace(pattern, replacement);
  if (digitsOfPhoneNumber.test(result))
    for (const pattern of phoneNumbers) result = result.replace(pattern, withoutPhoneNumber);
  return result;
}

function withoutPhoneNumber(found: string): string {
  const digits = found.replace(/\D/g, '').length;
  return digits >= fewestPhoneDigits ? '[redacted number]' : found;
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
  if (isNativeError(value)) return describeError(value);
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
    ...(isNativeError(error.cause) ? { cause: describeError(error.cause) } : {}),
  };
}
