import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { generateKey, type PrivateKey, type PublicKey } from 'openpgp';

export type OpenPgpPair = { readonly privateKey: PrivateKey; readonly publicKey: PublicKey };
export type RsaPair = { readonly privateKey: KeyObject; readonly publicKey: KeyObject };

const rsaBits = 2048;
const makeRsaPair = promisify(generateKeyPair);

const openPgpPairs: Promise<OpenPgpPair>[] = [];
const rsaPairs: Promise<RsaPair>[] = [];

/**
 * The pair of an organization's n-th key, from 0. Finding primes takes longer than all else a simulator does at start,
 * so simulators of one process, of which a test process has dozens, have the same pairs.
 */
export function openPgpPair(nth: number): Promise<OpenPgpPair> {
  // A minute ago: readers with a slightly slower clock must not meet a key from the future.
  return (openPgpPairs[nth] ??= generateOpenPgpPair(new Date(Date.now() - 60_000), 0));
}

/** As {@link openPgpPair}. */
export function rsaPair(nth: number): Promise<RsaPair> {
  return (rsaPairs[nth] ??= makeRsaPair('rsa', { modulusLength: rsaBits }));
}

/** A pair that nobody else has. */
export function generateOpenPgpPair(date: Date, keyExpirationTime: number): Promise<OpenPgpPair> {
  return generateKey({
    type: 'rsa',
    rsaBits,
    userIDs: [{ name: 'GC simulator', email: 'recordings@example.com' }],
    date,
    keyExpirationTime,
    format: 'object',
  });
}
