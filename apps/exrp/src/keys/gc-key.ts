import type { KeyObject } from 'node:crypto';
import type { PublicKey } from 'openpgp';

/** What GC tells about one recording key; other fields of the entity play no part (docs/reference/genesys-facts.md#43-public-keys). */
export type RecordingKeyEntity = {
  readonly id: string;
  /** ISO time. */
  readonly createDate?: string | undefined;
  readonly keydataSummary?: string | undefined;
};

/** An RSA key that a session key can be encrypted to, in OpenPGP and in CMS alike. */
export type RsaRecipient = {
  readonly algorithm: 'rsa';
  readonly publicKey: KeyObject;
  /** The OpenPGP key id (8 bytes) of the key or subkey that decrypts. */
  readonly openpgpKeyId: Buffer;
};

/** Any other OpenPGP key that can encrypt, e.g. Curve25519. */
export type OpenpgpRecipient = { readonly algorithm: 'openpgp'; readonly key: PublicKey };

/** A GC key that was found usable. */
export type GcKey = {
  /** Id of the GC key entity. */
  readonly keyId: string;
  readonly createdAtMs: number;
  /** OpenPGP fingerprint of the primary key, upper-case hex. A bare RSA key has one too, and always the same. */
  readonly fingerprint: string;
  readonly form: 'openpgp' | 'rsa';
  /** The key must not be used from then on; undefined: it does not expire. */
  readonly expiresAtMs: number | undefined;
  readonly recipient: RsaRecipient | OpenpgpRecipient;
};
