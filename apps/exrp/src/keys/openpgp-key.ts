import { createPublicKey, type KeyObject } from 'node:crypto';
import { isUint8Array } from 'node:util/types';

import { readKey, type PublicKey, type Subkey } from 'openpgp';

import type { GcKey } from './gc-key.js';
import { keyRefused } from './key-refused.js';
import { checkRsaKey } from './rsa-key.js';

/** A key made a moment ago by a clock that runs ahead of ours is good. */
const CLOCK_SKEW_MS = 10 * 60_000;

type UsableKey = Pick<GcKey, 'fingerprint' | 'recipient' | 'expiresAtMs'>;

/**
 * Reads an OpenPGP key and makes sure that a message can be encrypted to it now, in a form that `gpg` reads.
 * A version 4 key that also advertises SEIPDv2 is used (with SEIPDv1, which its owner must be able to read
 * too, RFC 9580 section 13.7); a version 6 key can be used with SEIPDv2 only and is refused.
 */
export async function readOpenpgpKey(
  data: { form: 'armored'; text: string } | { form: 'openpgp'; bytes: Buffer },
  nowMs: number,
): Promise<UsableKey> {
  const key = await parse(data);
  if (key.keyPacket.version !== 4)
    throw keyRefused(`OpenPGP key version ${key.keyPacket.version} is not supported`);
  assertKnownCurve(key);
  const at = usageTime(key, nowMs);
  if (await key.isRevoked(undefined, undefined, at)) throw keyRefused('revoked');
  const keyExpiry = await expiresAtMs(key, at);
  if (keyExpiry !== undefined && keyExpiry <= at.getTime()) throw keyRefused('expired');
  const encryptionKey = await findEncryptionKey(key, at);
  const expiries = [keyExpiry, await expiresAtMs(encryptionKey, at)].filter(
    (time) => time !== undefined,
  );
  return {
    fingerprint: key.getFingerprint().toUpperCase(),
    expiresAtMs: expiries.length === 0 ? undefined : Math.min(...expiries),
    recipient: recipientOf(key, encryptionKey),
  };
}

async function parse(
  data: { form: 'armored'; text: string } | { form: 'openpgp'; bytes: Buffer },
): Promise<PublicKey> {
  try {
    const key = await (data.form === 'armored'
      ? readKey({ armoredKey: data.text })
      : readKey({ binaryKey: new Uint8Array(data.bytes) }));
    return key.toPublic();
  } catch (error) {
    throw keyRefused('unparsable', error);
  }
}

function usageTime(key: PublicKey, nowMs: number): Date {
  const madeAtMs = key.getCreationTime().getTime();
  return new Date(madeAtMs > nowMs && madeAtMs - nowMs <= CLOCK_SKEW_MS ? madeAtMs : nowMs);
}

async function expiresAtMs(key: PublicKey | Subkey, at: Date): Promise<number | undefined> {
  const expiry = 'mainKey' in key ? await key.getExpirationTime(at) : await key.getExpirationTime();
  return expiry instanceof Date ? expiry.getTime() : undefined;
}

async function findEncryptionKey(key: PublicKey, at: Date): Promise<PublicKey | Subkey> {
  try {
    return await key.getEncryptionKey(undefined, at);
  } catch (error) {
    throw keyRefused(`not usable for encryption: ${reasonOf(error)}`, error);
  }
}

/** The library's word, unless it speaks of itself: its messages may name files of this installation. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : '';
  return message === '' || /[/\\]|module/.test(message) ? 'no known method' : message;
}

/** Signatures by these curves cannot be checked here, so that nothing of such a key can be trusted. */
function assertKnownCurve(key: PublicKey): void {
  const { curve = '' } = key.getAlgorithmInfo();
  if (curve.startsWith('brainpool')) throw keyRefused(`the curve ${curve} is not supported`);
}

function recipientOf(key: PublicKey, encryptionKey: PublicKey | Subkey): GcKey['recipient'] {
  const { algorithm } = encryptionKey.getAlgorithmInfo();
  if (!algorithm.startsWith('rsa')) return { algorithm: 'openpgp', key };
  const publicKey = rsaKeyOf(encryptionKey.keyPacket.publicParams);
  checkRsaKey(publicKey);
  return {
    algorithm: 'rsa',
    publicKey,
    openpgpKeyId: Buffer.from(encryptionKey.getKeyID().toHex(), 'hex'),
  };
}

function rsaKeyOf(params: object): KeyObject {
  if (!('n' in params && isUint8Array(params.n) && 'e' in params && isUint8Array(params.e))) {
    throw keyRefused('unparsable');
  }
  const base64url = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');
  return createPublicKey({
    key: { kty: 'RSA', n: base64url(params.n), e: base64url(params.e) },
    format: 'jwk',
  });
}
