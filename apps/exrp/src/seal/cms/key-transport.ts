import { constants, createHash, publicEncrypt } from 'node:crypto';

import {
  CMSVersion,
  KeyTransRecipientInfo,
  RecipientIdentifier,
  RecipientInfo,
} from '@peculiar/asn1-cms';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import { AlgorithmIdentifier, SubjectKeyIdentifier } from '@peculiar/asn1-x509';

import type { RsaRecipient } from '../../keys/index.js';

const RSA_ENCRYPTION = '1.2.840.113549.1.1.1';

/**
 * The RecipientInfo that carries the content key by RSA PKCS#1 v1.5, as Engage's own recorder does (docs/reference/genesys-facts.md#44-which-encryption).
 * GC keys come without a certificate, so the recipient is named by the SHA-1 of the public key bits
 * [RFC 5280 section 4.2.1.2, method 1].
 */
export function keyTransport(recipient: RsaRecipient, contentKey: Buffer): Buffer {
  const keyBits = recipient.publicKey.export({ type: 'pkcs1', format: 'der' });
  const info = new KeyTransRecipientInfo({
    // A recipient who is named by key identifier makes it version 2 [RFC 5652 section 6.2.1].
    version: CMSVersion.v2,
    rid: new RecipientIdentifier({
      subjectKeyIdentifier: new SubjectKeyIdentifier(createHash('sha1').update(keyBits).digest()),
    }),
    keyEncryptionAlgorithm: new AlgorithmIdentifier({
      algorithm: RSA_ENCRYPTION,
      parameters: null,
    }),
    encryptedKey: new OctetString(
      publicEncrypt({ key: recipient.publicKey, padding: constants.RSA_PKCS1_PADDING }, contentKey),
    ),
  });
  return Buffer.from(AsnConvert.serialize(new RecipientInfo({ ktri: info })));
}
