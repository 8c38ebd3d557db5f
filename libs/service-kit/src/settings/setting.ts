import { text, type Parser } from './parsers.js';

export type Service = 'excp' | 'exrp' | 'storage' | 'ledger';

/** One environment variable: how it is read, its default and who reads it (docs/design/CONTRACTS.md#6-settings). */
export type Setting<T, D extends T | undefined> = {
  readonly parse: Parser<T>;
  readonly default: D;
  readonly who: readonly Service[];
  readonly about: string;
  /** The value is a secret: the documentation never shows a sample of it. */
  readonly secret: boolean;
  /** How the documentation shows a default that depends on the machine. */
  readonly shownDefault?: string;
};

export const both = ['excp', 'exrp'] as const;
export const withRedis = ['excp', 'exrp', 'ledger'] as const;
export const all = ['excp', 'exrp', 'storage', 'ledger'] as const;

export function setting<T>(
  who: readonly Service[],
  parse: Parser<T>,
  about: string,
): Setting<T, undefined>;
export function setting<T>(
  who: readonly Service[],
  parse: Parser<T>,
  about: string,
  value: T,
): Setting<T, T>;
export function setting<T>(who: readonly Service[], parse: Parser<T>, about: string, value?: T) {
  return { parse, default: value, who, about, secret: false };
}

export function secret(who: readonly Service[], about: string): Setting<string, undefined> {
  return { parse: text, default: undefined, who, about, secret: true };
}
