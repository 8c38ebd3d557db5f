import type { AudioFlag, AudioVerdict } from './audio-verdict.js';
import { HTML_LOOK_BYTES, startsLikeHtml } from './html.js';
import type { OggPage } from './ogg-page.js';
import { OggPageFinder } from './ogg-page-finder.js';
import { readOpusHead } from './opus-head.js';
import { OpusLink } from './opus-link.js';

const SAMPLES_PER_MS = 48;
/** A file without a page up to here is no Ogg file: nobody has to read a gigabyte of something else. */
const SETTLED_BYTES = 256 * 1024;

/**
 * Tells from the bytes alone what an Ogg Opus recording holds [RFC 3533, RFC 7845].
 *
 * Feed it with `update` in chunks of any size, then ask `finish`; memory stays constant. It finds the Opus stream
 * behind or among others, and all links of a chained file: their durations add up, the most channels count, and the
 * last one tells whether the file has an end. What is damaged or missing in between becomes a flag: a page that was
 * lost while the call was recorded comes back with no retry.
 */
export class OggOpusInspector {
  private readonly finder = new OggPageFinder((page) => this.take(page));
  private firstBytes = Buffer.alloc(0);
  private sizeBytes = 0;
  private link: OpusLink | undefined;
  /** Of the links before. */
  private readonly before = { samples: 0, packets: 0, channels: 0, pagesMissing: false };

  update(chunk: Buffer): void {
    if (this.firstBytes.length < HTML_LOOK_BYTES) {
      this.firstBytes = Buffer.concat([
        this.firstBytes,
        chunk.subarray(0, HTML_LOOK_BYTES - this.firstBytes.length),
      ]);
    }
    this.sizeBytes += chunk.length;
    this.finder.update(chunk);
  }

  /** The verdict as soon as no further byte is worth reading. */
  get settled(): AudioVerdict | undefined {
    if (this.finder.foundPages > 0) return undefined;
    const isHtml = this.firstBytes.length >= HTML_LOOK_BYTES && startsLikeHtml(this.firstBytes);
    return isHtml || this.sizeBytes >= SETTLED_BYTES ? this.finish() : undefined;
  }

  /** The verdict, taking the bytes so far as the whole file. */
  finish(): AudioVerdict {
    if (this.sizeBytes === 0) return { kind: 'empty' };
    const { link, before } = this;
    if (link === undefined) return this.withoutOpus();
    if (before.packets + link.packets === 0)
      return { kind: 'incomplete', why: 'the Opus stream holds no sound' };
    const whyOpen = this.whyOpen(link);
    const flags: AudioFlag[] = [];
    if (whyOpen !== undefined) flags.push('no-end-of-stream');
    if (before.pagesMissing || link.pagesMissing) flags.push('pages-missing');
    if (this.finder.bytesAfterLastPage > 0 && !this.finder.endsInsidePage)
      flags.push('bytes-after-end');
    return {
      kind: 'opus',
      ...(whyOpen === undefined ? {} : { whyOpen }),
      flags,
      channels: Math.max(before.channels, link.channels),
      durationMs: Math.round((before.samples + link.samples) / SAMPLES_PER_MS),
    };
  }

  private withoutOpus(): AudioVerdict {
    if (this.finder.endsInsidePage)
      return { kind: 'incomplete', why: 'the file ends inside an Ogg page' };
    return this.finder.foundPages === 0 && startsLikeHtml(this.firstBytes)
      ? { kind: 'html' }
      : { kind: 'not-ogg-opus' };
  }

  private whyOpen({ endMarked, endSound }: OpusLink): string | undefined {
    if (this.finder.endsInsidePage) return 'the file ends inside an Ogg page';
    if (!endMarked) return 'no Ogg end-of-stream page';
    return endSound ? undefined : 'the CRC of the last Ogg page is wrong';
  }

  private take(page: OggPage): void {
    const { link } = this;
    const head = page.beginsStream ? readOpusHead(page.body) : undefined;
    // A second Opus stream that begins before the first has sound runs beside it; the first is the recording.
    const isNext = link === undefined || link.endMarked || link.packets > 0;
    if (head !== undefined && isNext) {
      if (link !== undefined) this.putBefore(link);
      this.link = new OpusLink(page, head);
    } else if (page.serial === link?.serial) link.take(page);
  }

  private putBefore({ samples, packets, channels, pagesMissing }: OpusLink): void {
    const { before } = this;
    before.samples += samples;
    before.packets += packets;
    before.channels = Math.max(before.channels, channels);
    before.pagesMissing ||= pagesMissing;
  }
}
