import { fixedHeaderBytes, OggPage, pageBytesAt } from './ogg-page.js';

/** So many places may look like a page and be none; then the rest of the file counts as something else. */
const mostFalseStarts = 64;

/**
 * Finds the pages of an Ogg file [RFC 3533] that comes in chunks of any size; holds one page at most. Where there is no
 * page it looks for the next one, and takes that only when its CRC is right.
 */
export class OggPageFinder {
  readonly #onPage: (page: OggPage) => void;
  #held: Buffer[] = [];
  #heldBytes = 0;
  #neededBytes = fixedHeaderBytes;
  #isLost = false;
  #falseStarts = 0;
  #pages = 0;
  #bytesAfterLastPage = 0;

  constructor(onPage: (page: OggPage) => void) {
    this.#onPage = onPage;
  }

  get foundPages(): number {
    return this.#pages;
  }

  /** Bytes behind the last page, a page that has only begun included. */
  get bytesAfterLastPage(): number {
    return this.#bytesAfterLastPage;
  }

  /** The bytes that follow the last page are the beginning of another one. */
  get endsInsidePage(): boolean {
    if (this.#isLost || this.#heldBytes === 0) return false;
    const start = Buffer.concat(this.#held).toString('latin1', 0, 4);
    return 'OggS'.startsWith(start);
  }

  /** Takes the next bytes of the file; they must not change afterwards. */
  update(chunk: Buffer): void {
    this.#bytesAfterLastPage += chunk.length;
    if (this.#falseStarts > mostFalseStarts) return;
    this.#held.push(chunk);
    this.#heldBytes += chunk.length;
    if (this.#heldBytes < this.#neededBytes) return;
    const bytes = this.#held.length === 1 ? chunk : Buffer.concat(this.#held);
    const rest = bytes.subarray(this.#takePages(bytes));
    this.#held = rest.length === 0 ? [] : [rest];
    this.#heldBytes = rest.length;
  }

  /** @returns where the first byte is that is still needed */
  #takePages(bytes: Buffer): number {
    let at = 0;
    while (this.#falseStarts <= mostFalseStarts) {
      if (this.#isLost) {
        const next = bytes.indexOf('OggS', at, 'latin1');
        // The pattern may lie across the end.
        if (next < 0) return this.#waitFor(fixedHeaderBytes, Math.max(at, bytes.length - 3));
        at = next;
      }
      const pageBytes = pageBytesAt(bytes, at);
      if (pageBytes === undefined) {
        this.#isLost = true;
        at++;
        continue;
      }
      if (bytes.length - at < pageBytes) return this.#waitFor(pageBytes, at);
      const page = new OggPage(bytes.subarray(at, at + pageBytes));
      if (this.#isLost && !page.isSound()) {
        this.#falseStarts++;
        at++;
        continue;
      }
      at += pageBytes;
      this.#isLost = false;
      this.#pages++;
      this.#bytesAfterLastPage = bytes.length - at;
      this.#onPage(page);
    }
    return bytes.length;
  }

  #waitFor(neededBytes: number, at: number): number {
    this.#neededBytes = neededBytes;
    return at;
  }
}
