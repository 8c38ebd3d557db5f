import { randomBytes } from 'node:crypto';

/** What one page of an Ogg file holds [RFC 3533 section 6]. */
export type OggPageOptions = {
  readonly serial?: number;
  readonly sequence?: number;
  readonly beginsStream?: boolean;
  readonly endsStream?: boolean;
  /** -1: no packet ends here. */
  readonly granulePosition?: number;
  /** One packet that begins and ends on this page, shorter than 65,025 bytes. */
  readonly packet: Buffer;
};

const FRAME_SAMPLES = 960;
const AUDIO_PACKET_BYTES = 4000;
const MIN_AUDIO_PACKET_BYTES = 8;

/** One Ogg page with a right CRC. */
export function oggPage(options: OggPageOptions): Buffer {
  const { packet, serial = 7, sequence = 0, granulePosition = 0 } = options;
  const header = Buffer.alloc(27);
  header.write('OggS', 'latin1');
  header.writeUInt8((options.beginsStream ? 2 : 0) | (options.endsStream ? 4 : 0), 5);
  header.writeBigInt64LE(BigInt(granulePosition), 6);
  header.writeUInt32LE(serial, 14);
  header.writeUInt32LE(sequence, 18);
  const lacing = Buffer.alloc(Math.floor(packet.length / 255) + 1, 255);
  lacing.writeUInt8(packet.length % 255, lacing.length - 1);
  header.writeUInt8(lacing.length, 26);
  const page = Buffer.concat([header, lacing, packet]);
  page.writeUInt32LE(oggCrc(page), 22);
  return page;
}

/** First byte of a packet with one stereo frame of 20 ms [RFC 6716 section 3.1]. */
const STEREO_20_MS = 0xfc;

/**
 * A whole Ogg Opus file (stereo, pre-skip 312, one 20 ms frame a page) of exactly `sizeBytes`, from 150 on, with random
 * bytes for audio: for whatever looks at the container only.
 */
export function oggOpusFile(sizeBytes: number): Buffer {
  const head = Buffer.from('OpusHead\x01\x02\x38\x01\x80\xbb\x00\x00\x00\x00\x00', 'latin1');
  const pages = [oggPage({ packet: head, beginsStream: true })];
  const [vendorBytes, packets] = layOut(sizeBytes - (pages[0]?.length ?? 0));
  const tags = Buffer.alloc(16 + vendorBytes, 'x');
  tags.write('OpusTags', 'latin1');
  tags.writeUInt32LE(vendorBytes, 8);
  tags.writeUInt32LE(0, tags.length - 4);
  pages.push(oggPage({ packet: tags, sequence: 1 }));
  packets.forEach((packetBytes, index) => {
    const granulePosition = (index + 1) * FRAME_SAMPLES;
    const endsStream = index === packets.length - 1;
    pages.push(
      oggPage({
        packet: Buffer.concat([Buffer.of(STEREO_20_MS), randomBytes(packetBytes - 1)]),
        sequence: index + 2,
        granulePosition,
        endsStream,
      }),
    );
  });
  return Buffer.concat(pages);
}

/** Bytes of the vendor string and of each audio packet, such that the pages after the first have this size together. */
function layOut(sizeBytes: number): [vendorBytes: number, packets: number[]] {
  for (const vendorBytes of [0, 1, 2]) {
    const packets: number[] = [];
    let left = sizeBytes - pageBytes(16 + vendorBytes);
    while (left >= pageBytes(AUDIO_PACKET_BYTES) + pageBytes(MIN_AUDIO_PACKET_BYTES)) {
      packets.push(AUDIO_PACKET_BYTES);
      left -= pageBytes(AUDIO_PACKET_BYTES);
    }
    // A page of this size may not exist: one more lacing value comes with every 255th byte.
    const last = left - 28 - Math.floor((left - 28) / 256);
    if (last >= MIN_AUDIO_PACKET_BYTES && pageBytes(last) === left)
      return [vendorBytes, [...packets, last]];
  }
  throw new RangeError(`no Ogg Opus file of ${sizeBytes} bytes can be made`);
}

function pageBytes(packetBytes: number): number {
  return 28 + Math.floor(packetBytes / 255) + packetBytes;
}

/** Ogg's CRC of each byte, straight from its definition: it shares no table with the code under test. */
const crcOfByte = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit++) crc = crc < 0 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  return crc;
});

function oggCrc(page: Buffer): number {
  let crc = 0;
  for (const byte of page) crc = (crc << 8) ^ (crcOfByte[(crc >>> 24) ^ byte] ?? 0);
  return crc >>> 0;
}
