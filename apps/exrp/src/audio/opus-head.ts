/** Bytes of the identification header up to and with the channel mapping family. */
export const OPUS_HEAD_BYTES = 19;

/** The identification header of an Ogg Opus stream [RFC 7845 section 5.1]. */
export type OpusHead = {
  readonly channels: number;
  /** Samples at 48 kHz that a decoder throws away at the start. */
  readonly preSkip: number;
};

/** Reads the first packet of a stream; undefined when it is not an Opus identification header of a known version. */
export function readOpusHead(packet: Buffer): OpusHead | undefined {
  if (packet.length < OPUS_HEAD_BYTES || packet.toString('latin1', 0, 8) !== 'OpusHead')
    return undefined;
  // Versions 0 to 15 are compatible with each other [RFC 7845 section 5.1].
  const channels = packet.readUInt8(9);
  if (packet.readUInt8(8) > 15 || channels === 0) return undefined;
  return { channels, preSkip: packet.readUInt16LE(10) };
}
