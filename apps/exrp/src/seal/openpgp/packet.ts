/** OpenPGP packet tags used here [RFC 4880 section 4.3]. */
export const PacketTag = {
  sessionKey: 1,
  literalData: 11,
  integrityProtectedData: 18,
  modificationDetection: 19,
} as const;

/** A new-format packet header with a definite length [RFC 4880 section 4.2.2]. */
export function packetHeader(tag: number, bodyBytes: number): Buffer {
  return Buffer.from([0xc0 | tag, ...lengthOctets(bodyBytes)]);
}

function lengthOctets(bodyBytes: number): number[] {
  if (bodyBytes < 192) return [bodyBytes];
  if (bodyBytes < 8384) return [((bodyBytes - 192) >>> 8) + 192, (bodyBytes - 192) & 0xff];
  if (bodyBytes > 0xffff_ffff) throw new RangeError('an OpenPGP packet holds less than 4 GiB');
  return [
    0xff,
    bodyBytes >>> 24,
    (bodyBytes >>> 16) & 0xff,
    (bodyBytes >>> 8) & 0xff,
    bodyBytes & 0xff,
  ];
}
