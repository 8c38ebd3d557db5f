import { constants, privateDecrypt, type KeyObject } from 'node:crypto';
import { decryptSessionKeys, type Message, type SessionKey } from 'openpgp';
import type { HeldKey } from '../keys/held-key.js';

type BinaryMessage = Message<ReadableStream<Uint8Array>> | Message<Uint8Array>;

const RSA_ALGORITHM = 1;
const AES_256 = 9;

/**
 * The session key of an OpenPGP message, unwrapped with a held key.
 * `head` is the message's beginning: a bare RSA key has no OpenPGP shell, so its packet is read by hand.
 * @throws Error in words when this key doesn't open it, or the cipher isn't AES-256
 */
export async function sessionKeyOf(
  message: BinaryMessage,
  head: Buffer,
  key: HeldKey,
): Promise<SessionKey> {
  if (key.secret.kind === 'rsa')
    return unwrapByHand(head, key.secret.key, key.fingerprint.slice(-16));
  if (key.secret.kind === 'none') throw new Error('sealed with a key that is none');
  const [first] = await decryptSessionKeys({ message, decryptionKeys: key.secret.key });
  if (first?.algorithm !== 'aes256')
    throw new Error(`the cipher is ${first?.algorithm ?? 'unknown'}, not AES-256`);
  return { data: first.data, algorithm: first.algorithm };
}

/** Public-key encrypted session key packet, version 3 (RFC 4880, 5.1). */
function unwrapByHand(head: Buffer, key: KeyObject, keyId: string): SessionKey {
  const { tag, body } = firstPacket(head);
  if (tag !== 1 || body[0] !== 3) throw new Error('does not begin with a v3 session key packet');
  const recipient = body.toString('hex', 1, 9).toUpperCase();
  if (recipient !== keyId && recipient !== '0'.repeat(16))
    throw new Error('sealed for another key id');
  if (body[9] !== RSA_ALGORITHM) throw new Error('the session key is not sealed with RSA');
  const modulusBytes = (key.asymmetricKeyDetails?.modulusLength ?? 0) / 8;
  const sealed = Buffer.alloc(modulusBytes);
  body.subarray(12).copy(sealed, modulusBytes - (body.length - 12));
  // Node 20 has no PKCS#1 v1.5 decryption any more; the padding is taken off here.
  const padded = privateDecrypt({ key, padding: constants.RSA_NO_PADDING }, sealed);
  const start = padded.indexOf(0, 2) + 1;
  const inner = padded.subarray(start);
  if (padded.readUInt16BE(0) !== 2 || start < 11 || inner.length !== 35)
    throw new Error('the session key does not open');
  if (inner[0] !== AES_256) throw new Error(`the cipher is number ${inner[0] ?? -1}, not AES-256`);
  const data = inner.subarray(1, 33);
  const sum = data.reduce((total, byte) => (total + byte) & 0xffff, 0);
  if (sum !== inner.readUInt16BE(33)) throw new Error('the session key has a bad checksum');
  return { data, algorithm: 'aes256' };
}

function firstPacket(bytes: Buffer): { tag: number; body: Buffer } {
  const [first = 0, length = 0, second = 0] = bytes;
  const isNew = (first & 0x40) !== 0;
  if (isNew) {
    if (length < 192) return { tag: first & 0x3f, body: bytes.subarray(2, 2 + length) };
    return { tag: first & 0x3f, body: bytes.subarray(3, 3 + ((length - 192) << 8) + second + 192) };
  }
  const tag = (first >> 2) & 15;
  if ((first & 3) === 0) return { tag, body: bytes.subarray(2, 2 + length) };
  return { tag, body: bytes.subarray(3, 3 + bytes.readUInt16BE(1)) };
}
