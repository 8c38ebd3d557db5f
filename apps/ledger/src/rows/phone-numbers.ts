import { createHmac } from 'node:crypto';

/** How a phone number is kept (docs/design/CONTRACTS.md#11-ledger (3)). */
export type KeptNumber = {
  readonly digest: string | null;
  readonly last4: string | null;
  readonly whole: string | null;
};

export type NumberRule = { readonly key: string; readonly keepWhole: boolean };

const nothing: KeptNumber = { digest: null, last4: null, whole: null };

/** Digits alone: `+49 30 555010` and `4930555010` are the same number, also behind `00`. */
function digitsOf(number: string): string {
  const digits = number.replace(/\D/g, '');
  // What is shorter is an extension, or the end of a number.
  return digits.length > 6 ? digits.replace(/^00/, '') : digits;
}

export function keptNumber(number: string | null | undefined, rule: NumberRule): KeptNumber {
  const digits = digitsOf(number ?? '');
  if (digits === '') return nothing;
  return {
    digest: digestOf(digits, rule.key),
    last4: digits.slice(-4),
    whole: rule.keepWhole ? (number ?? null) : null,
  };
}

/** What a search for a number looks for: the whole one exactly, or its last four digits. */
export type NumberSearch =
  { readonly digest: string; readonly last4?: never } | { readonly last4: string };

export function numberSearch(text: string, key: string): NumberSearch | undefined {
  const digits = digitsOf(text);
  if (digits.length < 4) return undefined;
  return digits.length === 4 ? { last4: digits } : { digest: digestOf(digits, key) };
}

function digestOf(digits: string, key: string): string {
  return createHmac('sha256', key).update(digits).digest('base64url');
}
