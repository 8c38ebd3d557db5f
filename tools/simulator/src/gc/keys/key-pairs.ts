import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { generateKey, readPrivateKey, type PrivateKey, type PublicKey } from 'openpgp';
import { openPgpSecrets, rsaSecrets } from './known-pairs.js';

export type OpenPgpPair = { readonly privateKey: PrivateKey; readonly publicKey: PublicKey };
export type RsaPair = { readonly privateKey: KeyObject; readonly publicKey: KeyObject };

const rsaBits = 2048;
const makeRsaPair = promisify(generateKeyPair);

const openPgpPairs: Promise<OpenPgpPair>[] = [];
const rsaPairs: Promise<RsaPair>[] = [];

/** The pair of an organization's n-th key, from 0. All simulators have the same ones, and the first few are known. */
export function openPgpPair(nth: number): Promise<OpenPgpPair> {
  return (openPgpPairs[nth] ??= readOrMakeOpenPgpPair(openPgpSecrets[nth]));
}

async function readOrMakeOpenPgpPair(known: string | undefined): Promise<OpenPgpPair> {
  // A minute ago: readers with a slightly slower clock must not meet a key from the future.
  if (known === undefined) return generateOpenPgpPair(new Date(Date.now() - 60_000), 0);
  const privateKey = await readPrivateKey({ binaryKey: Buffer.from(known, 'base64') });
  return { privateKey, publicKey: privateKey.toPublic() };
}

/** As {@link openPgpPair}. */
export function rsaPair(nth: number): Promise<RsaPair> {
  return (rsaPairs[nth] ??= readOrMakeRsaPair(rsaSecrets[nth]));
}

async function readOrMakeRsaPair(known: string | undefined): Promise<RsaPair> {
  if (known === undefined) return makeRsaPair('rsa', { modulusLength: rsaBits });
  const key = Buffer.from(known, 'base64');
  const privateKey = createPrivateKey({ key, format: 'der', type: 'pkcs8' });
  return { privateKey, publicKey: createPublicKey(privateKey) };
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
