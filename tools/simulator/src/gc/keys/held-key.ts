import { createHash, randomBytes, randomUUID, type KeyObject } from 'node:crypto';
import { revokeKey, type PrivateKey } from 'openpgp';
import { generateOpenPgpPair, openPgpPair, rsaPair, type OpenPgpPair } from './key-pairs.js';

/** How `keydataSummary` may carry a key (docs/design/CONTRACTS.md#34-gc-key). */
export const keyForms = [
  'openpgp-armored',
  'openpgp-armored-base64',
  'openpgp-binary-base64',
  'rsa-pkcs1-der',
  'rsa-pkcs1-pem',
  'rsa-spki-der',
  'rsa-spki-pem',
] as const;

export type KeyForm = (typeof keyForms)[number];

/** A recording key with the half that GC never shows. */
export type HeldKey = {
  readonly id: string;
  readonly createDate: string;
  readonly form: KeyForm;
  readonly keydataSummary: string;
  /** Of the OpenPGP primary key, upper-case hex; for a bare RSA key, of its v4 wrapping made at `createDate`. */
  readonly fingerprint: string;
  /** False: expired, revoked or garbage; nothing may be sealed with it. */
  readonly usable: boolean;
  readonly secret: Secret;
};

export type Secret =
  | { readonly kind: 'openpgp'; readonly key: PrivateKey; readonly text: string }
  | { readonly kind: 'rsa'; readonly key: KeyObject; readonly text: string }
  | { readonly kind: 'none'; readonly text: '' };

export type Flaw = 'expired' | 'revoked';

const DAY_MS = 86_400_000;

/**
 * Makes a key of this form, that the organization has since `createdAtMs` (epoch).
 * @param nth how many keys this organization had before, at least 0: each has a pair of its own
 */
export function makeKey(form: KeyForm, createdAtMs: number, nth: number): Promise<HeldKey> {
  return form.startsWith('rsa-')
    ? makeRsaKey(form, createdAtMs, nth)
    : makeOpenPgpKey(form, createdAtMs, nth);
}

/** An OpenPGP key that its own signatures say not to use. */
export async function makeFlawedKey(flaw: Flaw, createdAtMs: number): Promise<HeldKey> {
  const born = new Date(createdAtMs - 2 * DAY_MS);
  const lifetimeSeconds = flaw === 'expired' ? DAY_MS / 1_000 : 0;
  const made = await generateOpenPgpPair(born, lifetimeSeconds);
  const revokedAt = new Date(createdAtMs - DAY_MS);
  const pair =
    flaw === 'revoked'
      ? await revokeKey({ key: made.privateKey, date: revokedAt, format: 'object' })
      : made;
  return openPgpHeld('openpgp-armored', createdAtMs, pair, false);
}

/** An entry whose key data is no key at all. */
export function makeGarbageKey(createdAtMs: number): HeldKey {
  return {
    ...named(createdAtMs),
    form: 'rsa-pkcs1-der',
    keydataSummary: randomBytes(294).toString('base64'),
    fingerprint: '',
    usable: false,
    secret: { kind: 'none', text: '' },
  };
}

async function makeOpenPgpKey(form: KeyForm, createdAtMs: number, nth: number): Promise<HeldKey> {
  return openPgpHeld(form, createdAtMs, await openPgpPair(nth), true);
}

function openPgpHeld(
  form: KeyForm,
  createdAtMs: number,
  pair: OpenPgpPair,
  usable: boolean,
): HeldKey {
  const armored = pair.publicKey.armor();
  const summaries: Partial<Record<KeyForm, string>> = {
    'openpgp-armored-base64': Buffer.from(armored).toString('base64'),
    'openpgp-binary-base64': Buffer.from(pair.publicKey.write()).toString('base64'),
  };
  return {
    ...named(createdAtMs),
    form,
    keydataSummary: summaries[form] ?? armored,
    fingerprint: pair.publicKey.getFingerprint().toUpperCase(),
    usable,
    secret: { kind: 'openpgp', key: pair.privateKey, text: pair.privateKey.armor() },
  };
}

async function makeRsaKey(form: KeyForm, createdAtMs: number, nth: number): Promise<HeldKey> {
  const { publicKey, privateKey } = await rsaPair(nth);
  const type = form.startsWith('rsa-pkcs1') ? 'pkcs1' : 'spki';
  const keydataSummary = form.endsWith('-pem')
    ? publicKey.export({ type, format: 'pem' }).toString()
    : publicKey.export({ type, format: 'der' }).toString('base64');
  return {
    ...named(createdAtMs),
    form,
    keydataSummary,
    fingerprint: wrappedFingerprint(publicKey, createdAtMs),
    usable: true,
    secret: {
      kind: 'rsa',
      key: privateKey,
      text: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    },
  };
}

/** SHA-1 over the v4 public-key packet (RFC 4880, 12.2) that a bare RSA key becomes (docs/design/CONTRACTS.md#34-gc-key). */
function wrappedFingerprint(publicKey: KeyObject, createdAtMs: number): string {
  const { n = '', e = '' } = publicKey.export({ format: 'jwk' });
  const head = Buffer.alloc(6);
  head.writeUInt8(4, 0);
  head.writeUInt32BE(Math.floor(createdAtMs / 1_000), 1);
  head.writeUInt8(1, 5);
  const body = Buffer.concat([
    head,
    mpi(Buffer.from(n, 'base64url')),
    mpi(Buffer.from(e, 'base64url')),
  ]);
  const prefix = Buffer.from([0x99, body.length >> 8, body.length & 0xff]);
  return createHash('sha1').update(prefix).update(body).digest('hex').toUpperCase();
}

function mpi(bytes: Buffer): Buffer {
  const first = bytes[0] ?? 0;
  const bits = bytes.length * 8 - (Math.clz32(first) - 24);
  return Buffer.concat([Buffer.from([bits >> 8, bits & 0xff]), bytes]);
}

function named(createdAtMs: number): { id: string; createDate: string } {
  return { id: randomUUID(), createDate: new Date(createdAtMs).toISOString() };
}
