import { oggCrc } from './ogg-crc.js';
import {
  FIXED_HEADER_BYTES,
  headerLength,
  MAX_HEADER_BYTES,
  readPageHeader,
  type OggPageHeader,
} from './ogg-page-header.js';
import { OPUS_HEAD_BYTES } from './opus-head.js';

const NOTHING = Buffer.alloc(0);

/** One page that was seen whole. */
export type OggPage = {
  readonly header: OggPageHeader;
  /** The first bytes of the body (as many as an OpusHead has), kept for pages that begin a stream. */
  readonly bodyStart: Buffer;
  /** False when the page claims to end its stream and its CRC is wrong; other pages are not checked. */
  readonly sound: boolean;
};

/**
 * Finds the pages of an Ogg file [RFC 3533] that comes in chunks of any size, in constant memory.
 * Only headers are looked at, and the bodies of pages that end a stream: a 100 MB file costs a few milliseconds.
 */
export class OggPageWalker {
  private readonly scratch = Buffer.alloc(MAX_HEADER_BYTES);
  private scratchBytes = 0;
  private readonly bodyStart = Buffer.alloc(OPUS_HEAD_BYTES);
  private bodyStartBytes = 0;
  private header: OggPageHeader | undefined;
  private bodyLeft = 0;
  private crc = 0;
  private offset = 0;
  private pageOffset = 0;

  /** @param onPage called for each whole page; false stops the walk, as does a place where no page starts. */
  constructor(private readonly onPage: (page: OggPage) => boolean) {}

  /** True between two pages, that is also when a file that ends here ends well. */
  get betweenPages(): boolean {
    return this.header === undefined && this.scratchBytes === 0;
  }

  /** The bytes of a page header that has only begun. */
  get unfinishedHeader(): Buffer {
    return this.scratch.subarray(0, this.scratchBytes);
  }

  /** Walks on; returns the offset in the file at which there was no page, or undefined when all is well. */
  walk(chunk: Buffer): number | undefined {
    let at = 0;
    while (at < chunk.length) {
      if (this.header === undefined) {
        const headerEnd = this.readHeader(chunk, at);
        if (headerEnd === undefined) return this.pageOffset;
        at = headerEnd;
      } else {
        at = this.readBody(chunk, at);
      }
      if (this.header !== undefined && this.bodyLeft === 0 && !this.endPage(this.header)) break;
    }
    this.offset += chunk.length;
    return undefined;
  }

  private readHeader(chunk: Buffer, at: number): number | undefined {
    if (this.scratchBytes === 0) this.pageOffset = this.offset + at;
    const there = chunk.length - at;
    if (
      this.scratchBytes === 0 &&
      there >= FIXED_HEADER_BYTES &&
      there >= headerLength(chunk, at)
    ) {
      return this.beginPage(chunk, at) ? at + headerLength(chunk, at) : undefined;
    }
    // The header lies across chunks: collect it, first the part that tells how long it is.
    let next = at;
    for (
      let wanted = this.headerWanted();
      this.scratchBytes < wanted;
      wanted = this.headerWanted()
    ) {
      const copied = chunk.copy(
        this.scratch,
        this.scratchBytes,
        next,
        next + wanted - this.scratchBytes,
      );
      if (copied === 0) return next;
      this.scratchBytes += copied;
      next += copied;
    }
    if (!this.beginPage(this.scratch, 0)) return undefined;
    this.scratchBytes = 0;
    return next;
  }

  private headerWanted(): number {
    return this.scratchBytes < FIXED_HEADER_BYTES
      ? FIXED_HEADER_BYTES
      : headerLength(this.scratch, 0);
  }

  private beginPage(bytes: Buffer, at: number): boolean {
    const header = readPageHeader(bytes, at);
    if (header === undefined) return false;
    this.header = header;
    this.bodyLeft = header.bodyBytes;
    this.bodyStartBytes = 0;
    this.crc = header.headerCrc;
    return true;
  }

  private readBody(chunk: Buffer, at: number): number {
    const end = Math.min(chunk.length, at + this.bodyLeft);
    if (this.header?.endsStream) this.crc = oggCrc(this.crc, chunk, at, end);
    if (this.header?.beginsStream)
      this.bodyStartBytes += chunk.copy(this.bodyStart, this.bodyStartBytes, at, end);
    this.bodyLeft -= end - at;
    return end;
  }

  private endPage(header: OggPageHeader): boolean {
    this.header = undefined;
    const sound = !header.endsStream || this.crc === header.crc;
    return this.onPage({
      header,
      bodyStart: header.beginsStream ? this.bodyStart.subarray(0, this.bodyStartBytes) : NOTHING,
      sound,
    });
  }
}
