import { createHash, createPublicKey, type KeyObject } from 'node:crypto';

import { keyRefused } from './key-refused.js';

const MIN_RSA_BITS = 2048;
const RSA_ENCRYPT_OR_SIGN = 1;

/** Reads a PEM or DER key, as SubjectPublicKeyInfo [RFC 5280] or as bare PKCS#1 RSAPublicKey [RFC 8017 A.1.1]. */
export function readRsaKey(
  data: { form: 'pem'; text: string } | { form: 'der'; bytes: Buffer },
): KeyObject {
  const key = data.form === 'pem' ? tryRead(() => createPublicKey(data.text)) : readDer(data.bytes);
  if (key === undefined) throw keyRefused('unparsable');
  return key.asymmetricKeyType === 'rsa' ? rewritten(key) : key;
}

/** Node.js 24.21 cannot write a key as PKCS#1 that it has read as PKCS#1, one that it has read as JWK it can. */
function rewritten(key: KeyObject): KeyObject {
  return createPublicKey({ key: key.export({ format: 'jwk' }), format: 'jwk' });
}

function readDer(bytes: Buffer): KeyObject | undefined {
  return (
    tryRead(() => createPublicKey({ key: bytes, format: 'der', type: 'spki' })) ??
    tryRead(() => createPublicKey({ key: bytes, format: 'der', type: 'pkcs1' }))
  );
}

function tryRead(read: () => KeyObject): KeyObject | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** Refuses a key that is not RSA, shorter than 2048 bit, or whose exponent would leave the session key readable. */
export function checkRsaKey(key: KeyObject): void {
  if (key.asymmetricKeyType !== 'rsa') throw keyRefused(`not an RSA encryption key`);
  const { modulusLength = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {};
  if (modulusLength < MIN_RSA_BITS)
    throw keyRefused(`RSA with ${modulusLength} bits, at least ${MIN_RSA_BITS} are needed`);
  if (publicExponent < 3n || publicExponent % 2n === 0n)
    throw keyRefused('RSA with an unsafe public exponent');
}

/**
 * The OpenPGP v4 fingerprint that an RSA key has when it is taken as made at `createdAtMs` [RFC 4880 sections 5.5.2, 12.2].
 * The same key and time give the same fingerprint for ever, and the last 8 bytes are the key id.
 */
export function openpgpFingerprint(key: KeyObject, createdAtMs: number): Buffer {
  const { n = '', e = '' } = key.export({ format: 'jwk' });
  const head = Buffer.from([4, 0, 0, 0, 0, RSA_ENCRYPT_OR_SIGN]);
  head.writeUInt32BE(Math.floor(createdAtMs / 1000), 1);
  const body = Buffer.concat([
    head,
    multiprecisionInteger(Buffer.from(n, 'base64url')),
    multiprecisionInteger(Buffer.from(e, 'base64url')),
  ]);
  const prefix = Buffer.from([0x99, body.length >>> 8, body.length & 0xff]);
  return createHash('sha1').update(prefix).update(body).digest();
}

/** An unsigned big-endian number as OpenPGP writes it: length in bits, then the bytes without leading zeros [RFC 4880 section 3.2]. */
export function multiprecisionInteger(number: Buffer): Buffer {
  const start = number.findIndex((byte) => byte !== 0);
  const digits = start < 0 ? Buffer.alloc(0) : number.subarray(start);
  const bits = digits.length * 8 - (digits[0] === undefined ? 0 : Math.clz32(digits[0]) - 24);
  return Buffer.concat([Buffer.from([bits >>> 8, bits & 0xff]), digits]);
}
