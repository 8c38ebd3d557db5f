import { createCipheriv, createHash, randomBytes, type Cipher, type Hash } from 'node:crypto';

import type { GcKey } from '../../keys/index.js';
import type { SealFormat, SealingMessage } from '../seal-format.js';
import { PacketTag, packetHeader } from './packet.js';
import { sessionKeyPacket } from './session-key-packet.js';

const SESSION_KEY_BYTES = 32;
const BLOCK_BYTES = 16;
const SEIPD_VERSION = 1;
/** A modification detection code packet: its two header bytes and a SHA-1 [RFC 4880 section 5.14]. */
const MDC_HEADER = packetHeader(PacketTag.modificationDetection, 20);
const MDC_BYTES = MDC_HEADER.length + 20;

/**
 * OpenPGP: AES-256 in a SEIPDv1 packet around an uncompressed literal packet, all lengths definite.
 * The bulk is node's OpenSSL; `gpg` and openpgp.js read it.
 */
export const openpgpFormat: SealFormat = {
  name: 'openpgp',
  extension: '.pgp',
  async seal(key: GcKey, audioSizeBytes: number): Promise<SealingMessage> {
    const sessionKey = randomBytes(SESSION_KEY_BYTES);
    return new OpenpgpMessage(await sessionKeyPacket(key, sessionKey), sessionKey, audioSizeBytes);
  },
};

/** A symmetrically encrypted integrity protected data packet being written [RFC 4880 section 5.13]. */
class OpenpgpMessage implements SealingMessage {
  readonly sizeBytes: number;
  readonly head: Buffer;
  private readonly cipher: Cipher;
  private readonly mdc: Hash = createHash('sha1');

  constructor(pkesk: Buffer, sessionKey: Buffer, audioSizeBytes: number) {
    // CFB with an IV of zeros and no resynchronisation: the random prefix takes the IV's part.
    this.cipher = createCipheriv('aes-256-cfb', sessionKey, Buffer.alloc(BLOCK_BYTES));
    const random = randomBytes(BLOCK_BYTES);
    const prefix = Buffer.concat([random, random.subarray(-2)]);
    const literal = literalHead(audioSizeBytes);
    const bodyBytes = 1 + prefix.length + literal.length + audioSizeBytes + MDC_BYTES;
    const clearHead = [
      pkesk,
      packetHeader(PacketTag.integrityProtectedData, bodyBytes),
      Buffer.from([SEIPD_VERSION]),
    ];
    this.head = Buffer.concat([...clearHead, this.update(Buffer.concat([prefix, literal]))]);
    this.sizeBytes = this.head.length + audioSizeBytes + MDC_BYTES;
  }

  update(audio: Buffer): Buffer {
    this.mdc.update(audio);
    return this.cipher.update(audio);
  }

  final(): Buffer {
    const digest = this.mdc.update(MDC_HEADER).digest();
    return Buffer.concat([
      this.cipher.update(Buffer.concat([MDC_HEADER, digest])),
      this.cipher.final(),
    ]);
  }
}

/** A literal packet up to its data: binary, no file name, no date [RFC 4880 section 5.9]. */
function literalHead(audioSizeBytes: number): Buffer {
  const fields = Buffer.from([0x62, 0, 0, 0, 0, 0]);
  return Buffer.concat([
    packetHeader(PacketTag.literalData, fields.length + audioSizeBytes),
    fields,
  ]);
}
