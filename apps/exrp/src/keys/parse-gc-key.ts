import type { KeyObject } from 'node:crypto';
import { Failure } from '@exrec/service-kit';

import type { GcKey, RecordingKeyEntity } from './gc-key.js';
import { readKeyData, type KeyData } from './key-data.js';
import { keyRefused } from './key-refused.js';
import { readOpenpgpKey } from './openpgp-key.js';
import { checkRsaKey, openpgpFingerprint, readRsaKey } from './rsa-key.js';

/** OpenPGP counts seconds in 32 bits. */
const LAST_OPENPGP_TIME_MS = 0xffff_ffff * 1000;

/**
 * Reads one GC key in any of the forms of docs/design/CONTRACTS.md#34-gc-key and makes sure that it is usable at `nowMs`.
 * Throws `key-invalid` (later) with the reason: unparsable, expired, revoked, too short, not for encryption, version 6.
 */
export async function parseGcKey(entity: RecordingKeyEntity, nowMs: number): Promise<GcKey> {
  const createdAtMs = Date.parse(entity.createDate ?? '');
  if (!(createdAtMs >= 0 && createdAtMs <= LAST_OPENPGP_TIME_MS))
    throw keyRefused('no usable createDate');
  if (!entity.keydataSummary) throw keyRefused('no public key in the entity');
  const identity = { keyId: entity.id, createdAtMs };
  let refusal = keyRefused('unparsable');
  for (const data of readKeyData(entity.keydataSummary)) {
    try {
      return await readOne(data, identity, nowMs);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      refusal = error;
    }
  }
  throw refusal;
}

/** Of several keys in one text the first that is usable counts. */
async function readOne(
  data: KeyData,
  identity: Pick<GcKey, 'keyId' | 'createdAtMs'>,
  nowMs: number,
): Promise<GcKey> {
  if (data.form === 'pem' || data.form === 'der') {
    return { ...identity, form: 'rsa', ...wrapRsaKey(readRsaKey(data), identity.createdAtMs) };
  }
  return { ...identity, form: 'openpgp', ...(await readOpenpgpKey(data, nowMs)) };
}

/** Takes a bare RSA key as an OpenPGP v4 key that was made at GC's `createDate` and never expires. */
function wrapRsaKey(
  publicKey: KeyObject,
  createdAtMs: number,
): Pick<GcKey, 'fingerprint' | 'recipient' | 'expiresAtMs'> {
  checkRsaKey(publicKey);
  const fingerprint = openpgpFingerprint(publicKey, createdAtMs);
  return {
    fingerprint: fingerprint.toString('hex').toUpperCase(),
    expiresAtMs: undefined,
    recipient: { algorithm: 'rsa', publicKey, openpgpKeyId: fingerprint.subarray(-8) },
  };
}
