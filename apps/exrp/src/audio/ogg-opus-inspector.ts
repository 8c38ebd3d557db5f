import type { AudioVerdict } from './audio-verdict.js';
import { HTML_LOOK_BYTES, startsLikeHtml } from './html.js';
import { OggPageWalker, type OggPage } from './ogg-page-walker.js';
import { readOpusHead, type OpusHead } from './opus-head.js';

const SAMPLES_PER_MS = 48;

/** One Opus stream of the file; a chained file has several, one after the other. */
type Link = {
  readonly serial: number;
  readonly head: OpusHead;
  granulePosition: number;
  ended: boolean;
};

/**
 * Tells from the bytes alone whether a file is a whole Ogg Opus recording [RFC 3533, RFC 7845].
 *
 * Feed it with `update` in chunks of any size, then ask `finish`; memory stays constant. Whole means: pages follow each
 * other without a gap up to the last byte, and the Opus stream ends with a page that says so and whose CRC is right.
 *
 * Our choice where the RFCs allow more than MCP writes:
 * - chained files: each link must be Opus and end; durations add up; the channels are the first link's;
 * - multiplexed files: Opus must begin first; pages of other streams are passed over;
 * - sequence numbers and the CRC of inner pages are not checked: a page that was lost or damaged while the call was
 *   recorded comes back with no retry.
 * The duration is the last granule position less the pre-skip, each stream taken to start at zero.
 */
export class OggOpusInspector {
  private readonly walker = new OggPageWalker((page) => this.onPage(page));
  private firstBytes = Buffer.alloc(0);
  private sizeBytes = 0;
  private link: Link | undefined;
  private firstHead: OpusHead | undefined;
  private samplesOfEndedLinks = 0;
  private fault: AudioVerdict | undefined;

  update(chunk: Buffer): void {
    if (this.firstBytes.length < HTML_LOOK_BYTES) {
      this.firstBytes = Buffer.concat([
        this.firstBytes,
        chunk.subarray(0, HTML_LOOK_BYTES - this.firstBytes.length),
      ]);
    }
    this.sizeBytes += chunk.length;
    if (this.fault !== undefined) return;
    const noPageAt = this.walker.walk(chunk);
    if (noPageAt === undefined) return;
    this.fault =
      noPageAt === 0
        ? { kind: 'not-ogg-opus' }
        : { kind: 'incomplete', why: `no Ogg page at byte ${noPageAt}` };
  }

  /** The verdict as soon as no further byte can change it, so that nobody has to read a gigabyte of something else. */
  get settled(): AudioVerdict | undefined {
    return this.fault !== undefined && this.firstBytes.length >= HTML_LOOK_BYTES
      ? this.finish()
      : undefined;
  }

  /** The verdict, taking the bytes so far as the whole file. */
  finish(): AudioVerdict {
    if (this.sizeBytes === 0) return { kind: 'empty' };
    if (this.fault?.kind === 'not-ogg-opus' || this.neverWasOgg()) {
      return startsLikeHtml(this.firstBytes) ? { kind: 'html' } : { kind: 'not-ogg-opus' };
    }
    if (this.fault !== undefined) return this.fault;
    if (!this.walker.betweenPages)
      return { kind: 'incomplete', why: 'the file ends inside an Ogg page' };
    if (this.firstHead === undefined || this.link?.ended !== true) {
      return { kind: 'incomplete', why: 'no Ogg end-of-stream page' };
    }
    return {
      kind: 'complete',
      channels: this.firstHead.channels,
      durationMs: Math.round(this.samplesOfEndedLinks / SAMPLES_PER_MS),
      inputSampleRateHz: this.firstHead.inputSampleRateHz,
    };
  }

  /** A file shorter than a page header, and not the beginning of one. */
  private neverWasOgg(): boolean {
    const pattern = this.walker.unfinishedHeader.toString('latin1', 0, 4);
    return this.sizeBytes === this.walker.unfinishedHeader.length && !'OggS'.startsWith(pattern);
  }

  private onPage(page: OggPage): boolean {
    this.fault = this.take(page);
    return this.fault === undefined;
  }

  private take(page: OggPage): AudioVerdict | undefined {
    const { header } = page;
    if (header.beginsStream && this.link?.ended !== false) {
      const head = readOpusHead(page.bodyStart);
      if (head === undefined) return { kind: 'not-ogg-opus' };
      this.firstHead ??= head;
      this.link = { serial: header.serial, head, granulePosition: 0, ended: false };
    }
    const link = this.link;
    if (link === undefined) return { kind: 'not-ogg-opus' };
    if (header.serial !== link.serial) return undefined;
    if (link.ended) return { kind: 'incomplete', why: 'an Ogg page follows the end of its stream' };
    if (header.granulePosition !== undefined) link.granulePosition = header.granulePosition;
    if (header.endsStream) {
      if (!page.sound) return { kind: 'incomplete', why: 'the CRC of the last Ogg page is wrong' };
      link.ended = true;
      this.samplesOfEndedLinks += Math.max(0, link.granulePosition - link.head.preSkip);
    }
    return undefined;
  }
}
