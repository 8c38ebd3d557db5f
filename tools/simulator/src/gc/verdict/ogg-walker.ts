const PAGE_HEADER_BYTES = 27;
const END_OF_STREAM = 4;

/** Walks over the pages of an Ogg Opus file that comes in pieces; keeps one page header in memory, never the file. */
export class OggWalker {
  #head: Buffer = Buffer.alloc(0);
  #skipBytes = 0;
  #pages = 0;
  #ended = false;
  #channels: number | undefined;
  #problem: string | undefined;

  push(chunk: Buffer): void {
    let bytes = chunk;
    while (bytes.length > 0 && this.#problem === undefined) {
      if (this.#skipBytes > 0) {
        const skipped = Math.min(this.#skipBytes, bytes.length);
        this.#skipBytes -= skipped;
        bytes = bytes.subarray(skipped);
      } else {
        bytes = this.#readHead(bytes);
      }
    }
  }

  /** What is wrong with the file, and how many channels its `OpusHead` names. */
  finish(): { readonly channels: number | undefined; readonly problems: readonly string[] } {
    const problems: string[] = [];
    if (this.#problem !== undefined) problems.push(this.#problem);
    else if (this.#skipBytes > 0 || this.#head.length > 0)
      problems.push('audio: the last Ogg page is cut');
    else if (!this.#ended) problems.push('audio: no Ogg page ends the stream');
    return { channels: this.#channels, problems };
  }

  /** Gathers bytes until a whole page header (and on the first page the Opus head) is there; gives back the rest. */
  #readHead(bytes: Buffer): Buffer {
    const all = this.#head.length === 0 ? bytes : Buffer.concat([this.#head, bytes]);
    const segments = all.length >= PAGE_HEADER_BYTES ? all.readUInt8(26) : 0;
    const headBytes = PAGE_HEADER_BYTES + segments + (this.#pages === 0 ? 10 : 0);
    if (all.length >= 4 && all.toString('latin1', 0, 4) !== 'OggS') {
      this.#problem =
        this.#pages === 0 ? 'audio: not an Ogg file' : 'audio: bytes that are no Ogg page';
      return Buffer.alloc(0);
    }
    if (all.length < PAGE_HEADER_BYTES || all.length < headBytes) {
      this.#head = all;
      return Buffer.alloc(0);
    }
    this.#head = Buffer.alloc(0);
    this.#readPage(all, segments);
    return all.subarray(PAGE_HEADER_BYTES + segments);
  }

  #readPage(page: Buffer, segments: number): void {
    const bodyStart = PAGE_HEADER_BYTES + segments;
    if (this.#pages === 0) {
      const isOpus = page.toString('latin1', bodyStart, bodyStart + 8) === 'OpusHead';
      if (!isOpus) this.#problem = 'audio: an Ogg file, but not Opus';
      this.#channels = page[bodyStart + 9];
    }
    if (this.#ended) this.#problem = 'audio: pages after the end of the stream';
    this.#pages += 1;
    this.#ended = (page.readUInt8(5) & END_OF_STREAM) !== 0;
    this.#skipBytes = page
      .subarray(PAGE_HEADER_BYTES, bodyStart)
      .reduce((sum, lace) => sum + lace, 0);
  }
}
