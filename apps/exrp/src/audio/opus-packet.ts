/** Samples of a frame at 48 kHz by the configuration in the first byte of a packet [RFC 6716 section 3.1]. */
function frameSamples(configuration: number): number {
  if (configuration < 12) return [480, 960, 1920, 2880][configuration % 4] ?? 0;
  if (configuration < 16) return configuration % 2 === 0 ? 480 : 960;
  return 120 << (configuration % 4);
}

/** A packet of more sound than this is none [RFC 6716 section 3.4]. */
const mostSamples = 5_760;

/** What the first two bytes of an Opus packet tell [RFC 6716 sections 3.1 and 3.2]. */
export function readOpusPacket(
  first: number,
  second: number | undefined,
): { readonly samples: number; readonly isStereo: boolean } {
  const code = first & 0x03;
  const frames = code === 0 ? 1 : code < 3 ? 2 : (second ?? 0) & 0x3f;
  const samples = frames * frameSamples(first >> 3);
  return { samples: samples > mostSamples ? 0 : samples, isStereo: (first & 0x04) !== 0 };
}
