import { oggCrc } from './ogg-crc.js';

/** Bytes of a page header before its segment table. */
export const FIXED_HEADER_BYTES = 27;
/** The longest page header: the fixed part and a table of 255 segments. */
export const MAX_HEADER_BYTES = FIXED_HEADER_BYTES + 255;

const CAPTURE_PATTERN = 0x4f676753; // "OggS"
const CRC_OFFSET = 22;
const NO_CRC = new Uint8Array(4);

/** One Ogg page header [RFC 3533 section 6]. */
export type OggPageHeader = {
  readonly beginsStream: boolean;
  readonly endsStream: boolean;
  /** Samples at 48 kHz up to the end of the last packet that ends on this page; undefined when none does. */
  readonly granulePosition: number | undefined;
  readonly serial: number;
  readonly crc: number;
  /** CRC over the header, to be continued over the body; worked out only for pages that end a stream. */
  readonly headerCrc: number;
  readonly bodyBytes: number;
};

/** Length of the header that starts at `at`, of which at least the fixed part must be there. */
export function headerLength(bytes: Buffer, at: number): number {
  return FIXED_HEADER_BYTES + bytes.readUInt8(at + 26);
}

/** Reads the whole header that starts at `at`; undefined when there is no Ogg page (version 0) at this place. */
export function readPageHeader(bytes: Buffer, at: number): OggPageHeader | undefined {
  if (bytes.readUInt32BE(at) !== CAPTURE_PATTERN || bytes.readUInt8(at + 4) !== 0) return undefined;
  const flags = bytes.readUInt8(at + 5);
  const endsStream = (flags & 0x04) !== 0;
  const end = at + headerLength(bytes, at);
  return {
    beginsStream: (flags & 0x02) !== 0,
    endsStream,
    granulePosition: readGranulePosition(bytes, at + 6),
    serial: bytes.readUInt32LE(at + 14),
    crc: bytes.readUInt32LE(at + CRC_OFFSET),
    headerCrc: endsStream ? headerCrc(bytes, at, end) : 0,
    bodyBytes: sum(bytes, at + FIXED_HEADER_BYTES, end),
  };
}

function readGranulePosition(bytes: Buffer, at: number): number | undefined {
  const low = bytes.readUInt32LE(at);
  const high = bytes.readInt32LE(at + 4);
  return high < 0 ? undefined : high * 0x1_0000_0000 + low;
}

function headerCrc(bytes: Buffer, at: number, end: number): number {
  // The CRC field itself counts as zero.
  const before = oggCrc(oggCrc(0, bytes, at, at + CRC_OFFSET), NO_CRC);
  return oggCrc(before, bytes, at + CRC_OFFSET + NO_CRC.length, end);
}

function sum(bytes: Buffer, start: number, end: number): number {
  let total = 0;
  for (let index = start; index < end; index++) total += bytes[index] ?? 0;
  return total;
}
