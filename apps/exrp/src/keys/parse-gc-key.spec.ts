import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';

import { Failure } from '@exrec/service-kit';
import { createGpgHome, type GpgHome } from '@exrec/testing';
import { generateKey, revokeKey } from 'openpgp';

import { parseGcKey } from './parse-gc-key.js';

const CREATE_DATE = '2026-02-20T04:00:00.750Z';
const NOW_MS = Date.parse('2026-03-01T00:00:00Z');

function rsaKey(modulusLength = 2048, publicExponent = 65537): KeyObject {
  return generateKeyPairSync('rsa', { modulusLength, publicExponent }).publicKey;
}

function entity(keydataSummary: string, createDate = CREATE_DATE, id = 'key-1') {
  return { id, createDate, keydataSummary };
}

function der(key: KeyObject, type: 'spki' | 'pkcs1'): Buffer {
  return key.export({ type, format: 'der' });
}

async function refusal(
  work: Promise<unknown>,
): Promise<{ code: string; detail: string | undefined }> {
  try {
    await work;
  } catch (error) {
    if (error instanceof Failure && error.retry === 'later')
      return { code: error.code, detail: error.detail };
    throw error;
  }
  throw new Error('the key was taken');
}

async function openpgpKey(options: { date?: Date; expiresSeconds?: number } = {}) {
  const { date = new Date(CREATE_DATE), expiresSeconds = 0 } = options;
  const userIDs = [{ name: 'GC' }];
  return generateKey({
    type: 'ecc',
    curve: 'curve25519Legacy',
    userIDs,
    date,
    keyExpirationTime: expiresSeconds,
    format: 'object',
  });
}

describe('parseGcKey', () => {
  const key = rsaKey();
  const pem = (type: 'spki' | 'pkcs1') => key.export({ type, format: 'pem' }).toString();
  const base64 = (data: Buffer | string) => Buffer.from(data).toString('base64');

  it.each([
    ['DER SubjectPublicKeyInfo, base64', base64(der(key, 'spki'))],
    ['DER RSAPublicKey, base64', base64(der(key, 'pkcs1'))],
    ['DER RSAPublicKey, base64 in lines', base64(der(key, 'pkcs1')).replace(/.{64}/g, '$&\r\n')],
    ['DER RSAPublicKey, base64url', der(key, 'pkcs1').toString('base64url')],
    ['DER RSAPublicKey, one character a byte', der(key, 'pkcs1').toString('latin1')],
    ['PEM SubjectPublicKeyInfo', pem('spki')],
    ['PEM RSAPublicKey', pem('pkcs1')],
    ['PEM SubjectPublicKeyInfo, base64', base64(pem('spki'))],
    ['PEM RSAPublicKey, base64', base64(pem('pkcs1'))],
  ])('reads an RSA key as %s', async (_, summary) => {
    const parsed = await parseGcKey(entity(summary), NOW_MS);
    const expected = await parseGcKey(entity(pem('spki')), NOW_MS);
    expect(parsed).toMatchObject({
      keyId: 'key-1',
      form: 'rsa',
      createdAtMs: Date.parse(CREATE_DATE),
      expiresAtMs: undefined,
    });
    expect(parsed.fingerprint).toMatch(/^[0-9A-F]{40}$/);
    expect(parsed.fingerprint).toBe(expected.fingerprint);
  });

  it('reads an OpenPGP key armored or binary, base64 or not', async () => {
    const { publicKey } = await openpgpKey();
    const armored = publicKey.armor();
    const binary = Buffer.from(publicKey.write());
    for (const summary of [armored, base64(armored), base64(binary), binary.toString('latin1')]) {
      const parsed = await parseGcKey(entity(summary), NOW_MS);
      expect(parsed).toMatchObject({
        form: 'openpgp',
        fingerprint: publicKey.getFingerprint().toUpperCase(),
      });
    }
  });

  it('gives a bare RSA key the fingerprint that OpenPGP gives the same key made at createDate', async () => {
    const { publicKey } = await generateKey({
      type: 'rsa',
      rsaBits: 2048,
      userIDs: [{ name: 'GC' }],
      date: new Date(CREATE_DATE),
      format: 'object',
    });
    const params = publicKey.keyPacket.publicParams as { n: Uint8Array; e: Uint8Array };
    const base64url = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');
    const jwk = { kty: 'RSA', n: base64url(params.n), e: base64url(params.e) };
    const summary = base64(der(createPublicKey({ key: jwk, format: 'jwk' }), 'pkcs1'));
    const parsed = await parseGcKey(entity(summary), NOW_MS);
    expect(parsed.fingerprint).toBe(publicKey.getFingerprint().toUpperCase());
    const later = await parseGcKey(entity(summary, '2026-02-20T04:00:01Z'), NOW_MS);
    expect(later.fingerprint).not.toBe(parsed.fingerprint);
  });

  it('says when an OpenPGP key expires, and refuses it from then on', async () => {
    const { publicKey } = await openpgpKey({ expiresSeconds: 3600 });
    const expiresAtMs = Math.floor(Date.parse(CREATE_DATE) / 1000) * 1000 + 3_600_000;
    const parsed = await parseGcKey(entity(publicKey.armor()), expiresAtMs - 1000);
    expect(parsed.expiresAtMs).toBe(expiresAtMs);
    const refused = await refusal(parseGcKey(entity(publicKey.armor()), expiresAtMs + 1000));
    expect(refused).toEqual({ code: 'key-invalid', detail: 'expired' });
  });

  it('takes a key that another clock made a moment ahead of ours, but not one of tomorrow', async () => {
    const { publicKey } = await openpgpKey();
    const madeAtMs = Date.parse(CREATE_DATE);
    await expect(parseGcKey(entity(publicKey.armor()), madeAtMs - 120_000)).resolves.toMatchObject({
      form: 'openpgp',
    });
    expect((await refusal(parseGcKey(entity(publicKey.armor()), madeAtMs - 86_400_000))).code).toBe(
      'key-invalid',
    );
  });

  it('refuses a revoked key', async () => {
    const { privateKey } = await openpgpKey();
    const { publicKey } = await revokeKey({
      key: privateKey,
      date: new Date(CREATE_DATE),
      format: 'object',
    });
    expect((await refusal(parseGcKey(entity(publicKey.armor()), NOW_MS))).detail).toBe('revoked');
  });

  it('refuses a key that only signs', async () => {
    const { publicKey } = await generateKey({
      type: 'ecc',
      curve: 'ed25519Legacy',
      userIDs: [{ name: 'GC' }],
      subkeys: [{ sign: true }],
      date: new Date(CREATE_DATE),
      format: 'object',
    });
    const { detail } = await refusal(parseGcKey(entity(publicKey.armor()), NOW_MS));
    expect(detail).toMatch(/^not usable for encryption/);
  });

  it('refuses a version 6 key', async () => {
    const config = { v6Keys: true };
    const { publicKey } = await generateKey({
      userIDs: [{ name: 'GC' }],
      date: new Date(CREATE_DATE),
      config,
      format: 'object',
    });
    expect((await refusal(parseGcKey(entity(publicKey.armor()), NOW_MS))).detail).toMatch(
      /version 6/,
    );
  });

  it.each<[string, string, RegExp]>([
    ['a short RSA key', base64(der(rsaKey(1024), 'pkcs1')), /1024 bits/],
    [
      'an elliptic curve key',
      base64(der(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey, 'spki')),
      /not an RSA/,
    ],
    [
      'an RSA-PSS key',
      base64(der(generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).publicKey, 'spki')),
      /not an RSA/,
    ],
    ['cut DER', base64(der(key, 'spki').subarray(0, 200)), /^unparsable$/],
    ['an example from the documents', 'MIIBigKCAYEAtest', /^unparsable$/],
    ['words', 'this is no key', /^unparsable$/],
    [
      'an armor around nothing',
      '-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nAAAA\n-----END PGP PUBLIC KEY BLOCK-----',
      /^unparsable$/,
    ],
    ['a binary that is not OpenPGP', base64(Buffer.alloc(300, 0xfe)), /^unparsable$/],
    ['nothing', '', /^no public key/],
  ])('refuses %s with its reason', async (_, summary, reason) => {
    const refused = await refusal(parseGcKey(entity(summary), NOW_MS));
    expect(refused.code).toBe('key-invalid');
    expect(refused.detail).toMatch(reason);
  });

  it.each(['', 'yesterday', '1969-12-31T23:59:59Z', '2107-01-01T00:00:00Z'])(
    'refuses the createDate "%s"',
    async (date) => {
      expect((await refusal(parseGcKey(entity(pem('spki'), date), NOW_MS))).detail).toBe(
        'no usable createDate',
      );
    },
  );
});

describe('a key made by gpg', () => {
  let gpg: GpgHome;
  beforeAll(async () => {
    gpg = await createGpgHome();
  });
  afterAll(() => gpg.remove());

  it('is refused when it is RSA with 1024 bits, and when it has expired', async () => {
    const short = await gpg.makeKey('short', 'rsa1024');
    expect((await refusal(parseGcKey(entity(short), Date.now()))).detail).toMatch(/1024|2047 bits/);
    const brief = await gpg.makeKey('brief', 'rsa2048', 'seconds=60');
    expect((await refusal(parseGcKey(entity(brief), Date.now() + 120_000))).detail).toBe('expired');
  });
});
