import { createCipheriv, randomBytes, type Cipher } from 'node:crypto';

import { Failure } from '@exrec/service-kit';
import { CMSVersion, id_data, id_envelopedData } from '@peculiar/asn1-cms';
import {
  AsnConvert,
  AsnIntegerConverter,
  AsnObjectIdentifierConverter,
  OctetString,
} from '@peculiar/asn1-schema';
import { AlgorithmIdentifier } from '@peculiar/asn1-x509';

import type { GcKey } from '../../keys/index.js';
import type { SealFormat, SealingMessage } from '../seal-format.js';
import { derHeader, DerTag } from './der.js';
import { keyTransport } from './key-transport.js';

const AES_256_CBC = '2.16.840.1.101.3.4.1.42';
const CONTENT_KEY_BYTES = 32;
const BLOCK_BYTES = 16;

/**
 * CMS EnvelopedData [RFC 5652 section 6] in DER: AES-256-CBC, RSA key transport; `openssl cms -decrypt` reads it.
 * It has no integrity code: what protects the bytes on their way is the MD5 that S3 checks and the SHA-256 in the metadata.
 */
export const cmsFormat: SealFormat = {
  name: 'cms',
  extension: '.p7m',
  seal(key: GcKey, audioSizeBytes: number): Promise<SealingMessage> {
    if (key.recipient.algorithm !== 'rsa') {
      return Promise.reject(Failure.later('key-invalid', { detail: 'CMS needs an RSA key' }));
    }
    const contentKey = randomBytes(CONTENT_KEY_BYTES);
    return Promise.resolve(
      new CmsMessage(keyTransport(key.recipient, contentKey), contentKey, audioSizeBytes),
    );
  },
};

class CmsMessage implements SealingMessage {
  readonly sizeBytes: number;
  readonly head: Buffer;
  private readonly cipher: Cipher;

  constructor(recipientInfo: Buffer, contentKey: Buffer, audioSizeBytes: number) {
    const iv = randomBytes(BLOCK_BYTES);
    this.cipher = createCipheriv('aes-256-cbc', contentKey, iv);
    // PKCS#7 padding always adds 1 to 16 bytes [RFC 5652 section 6.3].
    const encryptedBytes = audioSizeBytes + BLOCK_BYTES - (audioSizeBytes % BLOCK_BYTES);
    this.head = headOf(recipientInfo, iv, encryptedBytes);
    this.sizeBytes = this.head.length + encryptedBytes;
  }

  update(audio: Buffer): Buffer {
    return this.cipher.update(audio);
  }

  final(): Buffer {
    return this.cipher.final();
  }
}

/** Everything before the encrypted content: the headers from the inside out, each around what is known to follow. */
function headOf(recipientInfo: Buffer, iv: Buffer, encryptedBytes: number): Buffer {
  const algorithm = new AlgorithmIdentifier({
    algorithm: AES_256_CBC,
    parameters: AsnConvert.serialize(new OctetString(iv)),
  });
  const contentInfo = Buffer.concat([
    objectIdentifier(id_data),
    Buffer.from(AsnConvert.serialize(algorithm)),
  ]);
  const layers: [tag: number, before: Buffer][] = [
    [DerTag.implicitData, Buffer.alloc(0)],
    [DerTag.sequence, contentInfo],
    [
      DerTag.sequence,
      Buffer.concat([version(), derHeader(DerTag.set, recipientInfo.length), recipientInfo]),
    ],
    [DerTag.explicit0, Buffer.alloc(0)],
    [DerTag.sequence, objectIdentifier(id_envelopedData)],
  ];
  return layers.reduce((inside, [tag, before]) => {
    const content = Buffer.concat([before, inside]);
    return Buffer.concat([derHeader(tag, content.length + encryptedBytes), content]);
  }, Buffer.alloc(0));
}

function version(): Buffer {
  return Buffer.from(AsnIntegerConverter.toASN(CMSVersion.v2).toBER());
}

function objectIdentifier(id: string): Buffer {
  return Buffer.from(AsnObjectIdentifierConverter.toASN(id).toBER());
}
