import { isIP } from 'node:net';

/** Turns the text of one environment variable into its value, or throws an Error saying what is wrong without the value. */
export type Parser<T> = (text: string) => T;

export const text: Parser<string> = (value) => value;

export function oneOf<const T extends string>(...allowed: readonly T[]): Parser<T> {
  return (value) => {
    const found = allowed.find((candidate) => candidate === value.toLowerCase());
    if (found === undefined) throw new Error(`must be one of ${allowed.join(', ')}`);
    return found;
  };
}

export const flag: Parser<boolean> = (value) => oneOf('true', 'false')(value) === 'true';

export function integerBetween(min: number, max: number): Parser<number> {
  return (value) => {
    const parsed = Number(value);
    if (!/^\d+$/.test(value) || parsed < min || parsed > max) {
      throw new Error(`must be a whole number from ${min} to ${max}`);
    }
    return parsed;
  };
}

export const port = integerBetween(0, 65_535);

/** A decimal above zero (docs/design/CONTRACTS.md#9-clarifications (6)). */
export const positive: Parser<number> = (value) => {
  const parsed = Number(value);
  if (!/^(?:\d+(?:\.\d+)?|\.\d+)$/.test(value) || !(parsed > 0))
    throw new Error('must be a number above 0');
  return parsed;
};

export function url(...protocols: readonly string[]): Parser<string> {
  return (value) => {
    if (!URL.canParse(value) || !protocols.includes(new URL(value).protocol)) {
      throw new Error(`must be a URL with ${protocols.map((p) => `${p}//`).join(' or ')}`);
    }
    const { username, password } = new URL(value);
    if (![username, password].every(isPercentEncoded)) {
      throw new Error(
        'has a % in its credentials that begins no escape of UTF-8; a % itself is written %25',
      );
    }
    return value;
  };
}

function isPercentEncoded(part: string): boolean {
  try {
    decodeURIComponent(part);
    return true;
  } catch {
    return false;
  }
}

/** An http(s) origin without a path (docs/design/CONTRACTS.md#9-clarifications (7)). */
export const origin: Parser<string> = (value) => {
  const parsed = new URL(url('http:', 'https:')(value));
  if (parsed.pathname !== '/' || parsed.search !== '' || parsed.hash !== '') {
    throw new Error('must be an origin without a path');
  }
  return parsed.origin;
};

/** At least one item; a list of nothing is a slip of the pen. */
export const list: Parser<readonly string[]> = (value) => {
  const items = value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
  if (items.length === 0) throw new Error('must be a list, separated by commas');
  return items;
};

export type HostAndPort = { readonly host: string; readonly port: number };

export const hostsAndPorts: Parser<readonly HostAndPort[]> = (value) =>
  list(value).map((item) => {
    const separator = item.lastIndexOf(':');
    const host = item.slice(0, separator).replace(/^\[(.*)\]$/, '$1');
    if (separator <= 0 || host === '') throw new Error('must be host:port, separated by commas');
    return { host, port: integerBetween(1, 65_535)(item.slice(separator + 1)) };
  });

export type Network = {
  readonly address: string;
  readonly prefixBits: number;
  readonly family: 'ipv4' | 'ipv6';
};

export const networks: Parser<readonly Network[]> = (value) =>
  list(value).map((item) => {
    const [address = '', bits, ...more] = item.split('/');
    const version = isIP(address);
    if (version === 0 || more.length > 0)
      throw new Error('must be networks in CIDR form, separated by commas');
    const widest = version === 4 ? 32 : 128;
    return {
      address,
      prefixBits: bits === undefined ? widest : integerBetween(0, widest)(bits),
      family: version === 4 ? 'ipv4' : 'ipv6',
    } as const;
  });
