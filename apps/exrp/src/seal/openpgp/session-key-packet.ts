import { constants, publicEncrypt } from 'node:crypto';

import { encryptSessionKey } from 'openpgp';

import { multiprecisionInteger, type GcKey, type RsaRecipient } from '../../keys/index.js';
import { PacketTag, packetHeader } from './packet.js';

const AES_256 = 9;
const RSA = 1;

/**
 * The public-key encrypted session key packet, version 3, for an AES-256 session key [RFC 4880 section 5.1].
 * RSA by node, which needs nothing but the public key, so a bare RSA key works like any other; the rest by openpgp.
 */
export async function sessionKeyPacket(key: GcKey, sessionKey: Buffer): Promise<Buffer> {
  const { recipient } = key;
  if (recipient.algorithm === 'rsa') return rsaSessionKeyPacket(recipient, sessionKey);
  const packet = await encryptSessionKey({
    data: new Uint8Array(sessionKey),
    algorithm: 'aes256',
    encryptionKeys: recipient.key,
    format: 'binary',
  });
  return Buffer.from(packet);
}

function rsaSessionKeyPacket(recipient: RsaRecipient, sessionKey: Buffer): Buffer {
  const checksum = sessionKey.reduce((sum, byte) => (sum + byte) & 0xffff, 0);
  const message = Buffer.concat([
    Buffer.from([AES_256]),
    sessionKey,
    Buffer.from([checksum >>> 8, checksum & 0xff]),
  ]);
  const encrypted = publicEncrypt(
    { key: recipient.publicKey, padding: constants.RSA_PKCS1_PADDING },
    message,
  );
  const body = Buffer.concat([
    Buffer.from([3]),
    recipient.openpgpKeyId,
    Buffer.from([RSA]),
    multiprecisionInteger(encrypted),
  ]);
  return Buffer.concat([packetHeader(PacketTag.sessionKey, body.length), body]);
}
