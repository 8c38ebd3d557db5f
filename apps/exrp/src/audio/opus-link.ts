import type { OggPage } from './ogg-page.js';
import type { OpusHead } from './opus-head.js';
import { readOpusPacket } from './opus-packet.js';

/** One Opus stream of a file; a chained file has several, one after the other. */
export class OpusLink {
  readonly serial: number;
  readonly head: OpusHead;
  /** A page number was left out: pages were lost. */
  pagesMissing = false;
  /** Its last page so far says that the stream ends there. */
  endMarked = false;
  /** And that page is not damaged. */
  endSound = false;
  /** Packets of sound that are whole. */
  packets = 0;
  #nextSequence: number;
  #packetsBegun = 0;
  /** The first two bytes of the packet that has begun. */
  #packetStart: number[] | undefined;
  #isStereo = false;
  #samples = 0;
  #samplesOfLastPage = 0;
  #firstPosition: number | undefined;
  #lastPosition: number | undefined;

  constructor(firstPage: OggPage, head: OpusHead) {
    this.serial = firstPage.serial;
    this.head = head;
    this.#nextSequence = firstPage.sequence;
    this.take(firstPage);
  }

  /** Two when any packet is stereo; with more than two the packets alone do not tell. */
  get channels(): number {
    if (this.head.channels > 2) return this.head.channels;
    return this.#isStereo ? 2 : 1;
  }

  /**
   * The sound of the packets less the pre-skip. Positions count for one thing only: where the last ones show how much
   * of the last page is padding [RFC 7845 sections 4.2 to 4.5]. Positions may start anywhere, jump, or all be zero.
   */
  get samples(): number {
    const paddingSamples =
      this.#lastPosition === undefined
        ? 0
        : this.#samples - (this.#lastPosition - (this.#firstPosition ?? 0));
    const isPadding = paddingSamples > 0 && paddingSamples < this.#samplesOfLastPage;
    return Math.max(0, this.#samples - (isPadding ? paddingSamples : 0) - this.head.preSkip);
  }

  /** Takes a page of this stream. */
  take(page: OggPage): void {
    if (page.sequence > this.#nextSequence) {
      this.pagesMissing = true;
      this.#packetStart = undefined;
    }
    this.#nextSequence = page.sequence + 1;
    this.endMarked = page.endsStream;
    this.endSound = page.endsStream && page.isSound();
    const before = this.#samples;
    this.#takePackets(page);
    const samples = this.#samples - before;
    const position = page.granulePosition;
    if (samples > 0) {
      this.#samplesOfLastPage = samples;
      this.#lastPosition = undefined;
      this.#firstPosition ??= firstPosition(page, samples);
    }
    // Some write zero on a last page that is empty.
    if (position !== undefined && position > 0) this.#lastPosition = position;
  }

  #takePackets(page: OggPage): void {
    const { body, segments } = page;
    if (!page.continuesPacket) this.#packetStart = undefined;
    let at = 0;
    let begins = !page.continuesPacket;
    for (const length of segments) {
      if (begins) {
        this.#packetStart = [];
        this.#packetsBegun++;
      }
      const start = this.#packetStart;
      for (let index = 0; start !== undefined && start.length < 2 && index < length; index++)
        start.push(body[at + index] ?? 0);
      at += length;
      begins = length < 255;
      if (begins) this.#endPacket();
    }
  }

  #endPacket(): void {
    const [first, second] = this.#packetStart ?? [];
    this.#packetStart = undefined;
    const isTags = this.#packetsBegun === 2 && first === 0x4f && second === 0x70; // "Op…"
    // An empty packet holds no sound; of one without a beginning nothing is known.
    if (first === undefined || this.#packetsBegun === 1 || isTags) return;
    const { samples, isStereo } = readOpusPacket(first, second);
    this.packets++;
    this.#samples += samples;
    this.#isStereo ||= isStereo;
  }
}

/** Where the stream begins: the position of its first page with sound less what is on it [RFC 7845 section 4.3]. */
function firstPosition(page: OggPage, samples: number): number | undefined {
  const { granulePosition, endsStream } = page;
  if (granulePosition === undefined) return undefined;
  // A first page that is the last one, too, starts at zero; what is missing is padding.
  return endsStream && granulePosition < samples ? 0 : granulePosition - samples;
}
