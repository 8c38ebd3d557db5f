/** The table of Ogg's CRC-32: polynomial 0x04c11db7, not reflected, start and final value 0 [RFC 3533 section 6]. */
const TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let remainder = index << 24;
  for (let bit = 0; bit < 8; bit++) {
    remainder = remainder & 0x80000000 ? (remainder << 1) ^ 0x04c11db7 : remainder << 1;
  }
  return remainder >>> 0;
});

/**
 * Continues an Ogg CRC-32 over `bytes[start..end)`.
 * One byte at a time is enough: only pages that claim to be the last are checked, and a page has at most 65,307 bytes.
 */
export function oggCrc(crc: number, bytes: Uint8Array, start = 0, end = bytes.length): number {
  let value = crc;
  for (let index = start; index < end; index++) {
    value = (value << 8) ^ (TABLE[((value >>> 24) ^ (bytes[index] ?? 0)) & 0xff] ?? 0);
  }
  return value >>> 0;
}
