import { execFile } from 'node:child_process';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  createMessage,
  encrypt,
  enums,
  PublicKeyEncryptedSessionKeyPacket,
  PublicKeyPacket,
} from 'openpgp';
import type { HeldKey } from '../../src/gc/index.js';

const run = promisify(execFile);

/** Seals for the v4 key that a bare RSA key becomes, with openpgp's own packets and none of the simulator's arithmetic. */
export async function sealForWrappedRsaKey(audio: Buffer, key: HeldKey): Promise<Buffer> {
  const der = Buffer.from(key.keydataSummary, 'base64');
  const { n = '', e = '' } = createPublicKey({ key: der, format: 'der', type: 'pkcs1' }).export({
    format: 'jwk',
  });
  const params = { n: Buffer.from(n, 'base64url'), e: Buffer.from(e, 'base64url') };
  const wrapped: Packet = new PublicKeyPacket();
  const created = new Date(key.createDate);
  created.setMilliseconds(0);
  Object.assign(wrapped, {
    created,
    version: 4,
    algorithm: enums.publicKey.rsaEncryptSign,
    publicParams: params,
  });
  await invoke(wrapped, 'computeFingerprintAndKeyID');
  const data = crypto.getRandomValues(new Uint8Array(32));
  const esk: Packet = new PublicKeyEncryptedSessionKeyPacket();
  Object.assign(esk, {
    version: 3,
    publicKeyID: invoke(wrapped, 'getKeyID'),
    publicKeyAlgorithm: enums.publicKey.rsaEncryptSign,
    sessionKey: data,
    sessionKeyAlgorithm: enums.symmetric.aes256,
  });
  await invoke(esk, 'encrypt', wrapped);
  const body = Buffer.from(invoke(esk, 'write') as Uint8Array);
  const message = await createMessage({ binary: new Uint8Array(audio), format: 'binary' });
  const sealed = await encrypt({
    message,
    sessionKey: { data, algorithm: 'aes256' },
    format: 'binary',
  });
  const head = Buffer.from([0xc1, ((body.length - 192) >> 8) + 192, (body.length - 192) & 0xff]);
  return Buffer.concat([head, body, sealed]);
}

/** Seals as CMS EnvelopedData with openssl. */
export async function sealAsCms(audio: Buffer, key: HeldKey): Promise<Buffer> {
  const dir = await mkdtemp(join(tmpdir(), 'exrec-cms-'));
  const [keyFile, certificate, plain, sealed] = ['key.pem', 'cert.pem', 'a.opus', 'a.p7m'].map(
    (name) => join(dir, name),
  );
  try {
    await writeFile(
      keyFile!,
      createPrivateKey(key.secret.text).export({ type: 'pkcs8', format: 'pem' }),
    );
    await writeFile(plain!, audio);
    await run('openssl', [
      'req',
      '-x509',
      '-key',
      keyFile!,
      '-subj',
      '/CN=test',
      '-out',
      certificate!,
    ]);
    const form = ['-binary', '-outform', 'DER', '-aes256', '-keyid'];
    await run('openssl', [
      'cms',
      '-encrypt',
      ...form,
      '-in',
      plain!,
      '-out',
      sealed!,
      certificate!,
    ]);
    return await readFile(sealed!);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

type Packet = object;

/** openpgp's types leave out what only its inside calls. */
function invoke(packet: Packet, method: string, ...args: unknown[]): unknown {
  const found: unknown = Reflect.get(packet, method);
  if (typeof found !== 'function') throw new Error(`openpgp has no ${method} any more`);
  return Reflect.apply(found, packet, args) as unknown;
}
