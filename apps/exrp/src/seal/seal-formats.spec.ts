import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createGpgHome, runCommand, type GpgHome } from '@exrec/testing';
import fc from 'fast-check';
import {
  createMessage,
  decrypt,
  encrypt,
  generateKey,
  readMessage,
  readPrivateKey,
  type PrivateKey,
} from 'openpgp';

import { parseGcKey, type GcKey } from '../keys/index.js';
import { sealFormats, type SealFormat } from './index.js';

const CREATE_DATE = '2026-02-20T04:00:00.750Z';
/** Where lengths change their form, blocks end, and pieces meet. */
const SIZES = [
  0, 1, 15, 16, 17, 151, 152, 191, 192, 8191, 8192, 8383, 8384, 65_535, 65_536, 1_048_575,
  1_048_577, 3_000_001,
];

function keyOf(keydataSummary: string): Promise<GcKey> {
  return parseGcKey({ id: 'key-1', createDate: CREATE_DATE, keydataSummary }, Date.now());
}

/** Jest compares buffers element by element, which takes half a minute for a few megabytes. */
function expectSameBytes(found: Buffer, expected: Buffer): void {
  expect(found.equals(expected)).toBe(true);
}

/** Seals in pieces, and makes sure that the size said beforehand is the size that came. */
async function sealWith(
  format: SealFormat,
  key: GcKey,
  plain: Buffer,
  pieceBytes = 65_536,
): Promise<Buffer> {
  const message = await format.seal(key, plain.length);
  const parts = [message.head];
  for (let at = 0; at < plain.length; at += pieceBytes)
    parts.push(message.update(plain.subarray(at, at + pieceBytes)));
  parts.push(message.final());
  const sealed = Buffer.concat(parts);
  expect(sealed).toHaveLength(message.sizeBytes);
  return sealed;
}

describe('the OpenPGP format, read by gpg', () => {
  let gpg: GpgHome;
  beforeAll(async () => {
    gpg = await createGpgHome();
  });
  afterAll(() => gpg.remove());

  it.each(['rsa2048', 'rsa3072', 'rsa4096', 'future-default'])(
    'is opened with a %s key',
    async (algorithm) => {
      const key = await keyOf(await gpg.makeKey(algorithm, algorithm));
      const plain = randomBytes(100_000);
      expectSameBytes(await gpg.decrypt(await sealWith(sealFormats.openpgp, key, plain)), plain);
    },
  );

  it('is opened with the secret key that belongs to a bare RSA key of GC', async () => {
    const { privateKey, publicKey } = await generateKey({
      type: 'rsa',
      rsaBits: 3072,
      subkeys: [],
      userIDs: [{ name: 'bare' }],
      date: new Date(CREATE_DATE),
      format: 'object',
    });
    expect((await gpg.run(['--import'], Buffer.from(privateKey.armor()))).exitCode).toBe(0);
    const key = await keyOf(bareRsaKeyData(publicKey.keyPacket.publicParams));
    expect(key.form).toBe('rsa');
    const plain = randomBytes(10_000);
    expectSameBytes(await gpg.decrypt(await sealWith(sealFormats.openpgp, key, plain)), plain);
  });

  it.each(SIZES)('is opened with %d bytes of audio', async (sizeBytes) => {
    const key = await keyOf(await gpg.makeKey('sizes', 'rsa2048'));
    const plain = randomBytes(sizeBytes);
    expectSameBytes(await gpg.decrypt(await sealWith(sealFormats.openpgp, key, plain)), plain);
  });

  it('is refused after any bit flip or cut', async () => {
    const key = await keyOf(await gpg.makeKey('sizes', 'rsa2048'));
    const sealed = await sealWith(sealFormats.openpgp, key, randomBytes(2000));
    // All places are behind the session key packet: a cut inside that one gpg answers with no data at all.
    for (const at of [300, 1000, sealed.length - 30, sealed.length - 1]) {
      const damaged = Buffer.from(sealed);
      damaged.writeUInt8(damaged.readUInt8(at) ^ 1, at);
      await expect(gpg.decrypt(damaged)).rejects.toThrow('gpg');
      await expect(gpg.decrypt(sealed.subarray(0, at))).rejects.toThrow('gpg');
    }
  });
});

describe('the OpenPGP format, read by openpgp', () => {
  let privateKey: PrivateKey;
  let key: GcKey;
  beforeAll(async () => {
    const pair = await generateKey({
      userIDs: [{ name: 'GC' }],
      type: 'rsa',
      rsaBits: 2048,
      format: 'armored',
    });
    privateKey = await readPrivateKey({ armoredKey: pair.privateKey });
    key = await keyOf(pair.publicKey);
  });

  async function open(sealed: Buffer, decryptionKeys = privateKey): Promise<Buffer> {
    const message = await readMessage({ binaryMessage: new Uint8Array(sealed) });
    const { data } = await decrypt({ message, decryptionKeys, format: 'binary' });
    return Buffer.from(data);
  }

  it('gives back any audio in any pieces', async () => {
    const cases = fc.record({
      plain: fc.uint8Array({ maxLength: 20_000 }),
      pieceBytes: fc.integer({ min: 1, max: 9000 }),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ plain, pieceBytes }) => {
        const bytes = Buffer.from(plain);
        expectSameBytes(
          await open(await sealWith(sealFormats.openpgp, key, bytes, pieceBytes)),
          bytes,
        );
      }),
      { numRuns: 40 },
    );
  });

  it('is refused after a bit flip anywhere or a cut anywhere', async () => {
    const sealed = await sealWith(sealFormats.openpgp, key, randomBytes(500));
    // Its bits are counted before the encrypted session key: one more or less of them leaves as many bytes, the same key
    // and the same audio (RFC 4880, 3.2; the low byte of the count is byte 14 of the message).
    const lowByteOfBitCount = 14;
    const places = fc
      .record({ at: fc.nat(sealed.length - 1), bit: fc.nat(7) })
      .filter(({ at }) => at !== lowByteOfBitCount);
    await fc.assert(
      fc.asyncProperty(places, async ({ at, bit }) => {
        const damaged = Buffer.from(sealed);
        damaged.writeUInt8(damaged.readUInt8(at) ^ (1 << bit), at);
        await expect(open(damaged)).rejects.toThrow();
        await expect(open(sealed.subarray(0, at))).rejects.toThrow();
      }),
      { numRuns: 60 },
    );
  });

  it('uses a fresh session key for each message', async () => {
    const plain = randomBytes(100);
    const [first, second] = [
      await sealWith(sealFormats.openpgp, key, plain),
      await sealWith(sealFormats.openpgp, key, plain),
    ];
    expect(first.equals(second)).toBe(false);
    const ours = await readMessage({ binaryMessage: new Uint8Array(first) });
    const theirs = await encrypt({
      message: await createMessage({ binary: new Uint8Array(plain) }),
      encryptionKeys: privateKey.toPublic(),
      format: 'object',
    });
    expect(ours.getEncryptionKeyIDs()).toEqual(theirs.getEncryptionKeyIDs());
  });

  it.each<['curve25519' | 'rsa', boolean]>([
    ['curve25519', false],
    ['rsa', true],
  ])(
    'opens what was sealed to a %s key (that advertises SEIPDv2: %s)',
    async (type, aeadProtect) => {
      const pair = await generateKey({
        userIDs: [{ name: 'GC' }],
        type,
        config: { aeadProtect },
        format: 'armored',
      });
      const plain = randomBytes(5000);
      const sealed = await sealWith(sealFormats.openpgp, await keyOf(pair.publicKey), plain);
      const opened = await open(sealed, await readPrivateKey({ armoredKey: pair.privateKey }));
      expectSameBytes(opened, plain);
    },
  );
});

describe('the CMS format, read by openssl', () => {
  const directory = mkdtempSync(join(tmpdir(), 'cms-'));
  const keyFile = join(directory, 'key.pem');
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 3072 });
  writeFileSync(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  const summary = publicKey.export({ type: 'pkcs1', format: 'der' }).toString('base64');
  afterAll(() => rm(directory, { recursive: true }));

  async function openssl(sealed: Buffer, ...args: string[]) {
    return runCommand('openssl', ['cms', '-inform', 'DER', ...args], sealed);
  }

  it.each(SIZES)('is opened with %d bytes of audio', async (sizeBytes) => {
    const plain = randomBytes(sizeBytes);
    const sealed = await sealWith(sealFormats.cms, await keyOf(summary), plain, 10_007);
    const opened = await openssl(sealed, '-decrypt', '-binary', '-inkey', keyFile);
    expect(opened).toMatchObject({ exitCode: 0 });
    expect(opened.stdout.equals(plain)).toBe(true);
  });

  it('says AES-256-CBC, RSA key transport and the key identifier', async () => {
    const sealed = await sealWith(sealFormats.cms, await keyOf(summary), randomBytes(10));
    const printed = (await openssl(sealed, '-cmsout', '-print')).stdout.toString();
    for (const words of [
      'pkcs7-envelopedData',
      'aes-256-cbc',
      'rsaEncryption',
      'd.subjectKeyIdentifier',
    ]) {
      expect(printed).toContain(words);
    }
  });

  it('is refused after a cut', async () => {
    const sealed = await sealWith(sealFormats.cms, await keyOf(summary), randomBytes(1000));
    const opened = await openssl(sealed.subarray(0, -1), '-decrypt', '-binary', '-inkey', keyFile);
    expect(opened.exitCode).not.toBe(0);
  });

  it('refuses a key that is not RSA', async () => {
    const pair = await generateKey({ userIDs: [{ name: 'GC' }], format: 'armored' });
    const key = await keyOf(pair.publicKey);
    await expect(sealFormats.cms.seal(key, 1)).rejects.toMatchObject({
      code: 'key-invalid',
      retry: 'later',
    });
  });
});

function bareRsaKeyData(params: object): string {
  const { n, e } = params as { n: Uint8Array; e: Uint8Array };
  const integer = (bytes: Uint8Array) =>
    der(0x02, Buffer.from(bytes[0] && bytes[0] > 0x7f ? [0, ...bytes] : bytes));
  return der(0x30, Buffer.concat([integer(n), integer(e)])).toString('base64');
}

function der(tag: number, content: Buffer): Buffer {
  const length =
    content.length < 0x80 ? [content.length] : [0x82, content.length >> 8, content.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}
