import { oggCrc } from './ogg-crc.js';

/** Bytes of a page header before its segment table. */
export const fixedHeaderBytes = 27;

const capturePattern = 0x4f676753; // "OggS"
const crcOffset = 22;
const noCrc = new Uint8Array(4);

/** One page of an Ogg file [RFC 3533 section 6], as a view of the bytes it was read from. */
export class OggPage {
  readonly #bytes: Buffer;
  readonly #tableEnd: number;

  /** @param bytes exactly one page, as {@link pageBytesAt} measures it */
  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#tableEnd = fixedHeaderBytes + bytes.readUInt8(26);
  }

  get sizeBytes(): number {
    return this.#bytes.length;
  }

  get continuesPacket(): boolean {
    return (this.#bytes.readUInt8(5) & 0x01) !== 0;
  }

  get beginsStream(): boolean {
    return (this.#bytes.readUInt8(5) & 0x02) !== 0;
  }

  get endsStream(): boolean {
    return (this.#bytes.readUInt8(5) & 0x04) !== 0;
  }

  /** Samples at 48 kHz up to the end of the last packet that ends on this page; undefined when none does. */
  get granulePosition(): number | undefined {
    const high = this.#bytes.readInt32LE(10);
    return high < 0 ? undefined : high * 0x1_0000_0000 + this.#bytes.readUInt32LE(6);
  }

  get serial(): number {
    return this.#bytes.readUInt32LE(14);
  }

  get sequence(): number {
    return this.#bytes.readUInt32LE(18);
  }

  /** The lengths of the segments; one below 255 ends a packet. */
  get segments(): Uint8Array {
    return this.#bytes.subarray(fixedHeaderBytes, this.#tableEnd);
  }

  get body(): Buffer {
    return this.#bytes.subarray(this.#tableEnd);
  }

  /** Whether the CRC is right; costs a look at every byte. */
  isSound(): boolean {
    const bytes = this.#bytes;
    // The CRC field itself counts as zero.
    const before = oggCrc(oggCrc(0, bytes, 0, crcOffset), noCrc);
    return oggCrc(before, bytes, crcOffset + noCrc.length) === bytes.readUInt32LE(crcOffset);
  }
}

/**
 * How many bytes from `at` on a page takes that starts there, or how many are needed to tell: so many as long as there
 * are fewer. Undefined when no page (version 0) starts there.
 */
export function pageBytesAt(bytes: Buffer, at: number): number | undefined {
  const there = bytes.length - at;
  if (there < fixedHeaderBytes) return fixedHeaderBytes;
  if (bytes.readUInt32BE(at) !== capturePattern || bytes.readUInt8(at + 4) !== 0) return undefined;
  const headerBytes = fixedHeaderBytes + bytes.readUInt8(at + 26);
  if (there < headerBytes) return headerBytes;
  let total = headerBytes;
  for (let index = fixedHeaderBytes; index < headerBytes; index++) total += bytes[at + index] ?? 0;
  return total;
}
