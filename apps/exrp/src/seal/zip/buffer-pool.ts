/**
 * Buffers of one size that are used again. Memory of this size that is new to the process comes from the kernel page by
 * page, which costs more CPU time than everything that is done with a short recording, and what lies outside the heap
 * makes V8 collect it more often.
 */
export class BufferPool {
  readonly #bytes: number;
  readonly #free: Buffer[] = [];

  constructor(bytes: number) {
    this.#bytes = bytes;
  }

  /** Its content is whatever was there before. */
  take(): Buffer {
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(this.#bytes);
  }

  /** There are never more than were in use at one time. */
  giveBack(buffer: Buffer): void {
    this.#free.push(buffer);
  }
}
