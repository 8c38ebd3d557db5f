/**
 * One turn of the hot loop handles so much: some milliseconds on the event loop. Larger pieces gain nothing, the 64 KiB
 * that a socket hands out cost a tenth more CPU time, most of it for the buffers that the cipher makes.
 */
export const PIECE_BYTES = 1024 * 1024;

/** Gathers what a socket hands out into pieces of the same size, in one buffer that is used again and again. */
export class Pieces {
  private readonly buffer: Buffer;
  private usedBytes = 0;

  /**
   * @param totalBytes what will come; a short recording needs no whole piece
   * @param take is given each piece, whose bytes are its own only until it returns its promise
   */
  constructor(
    totalBytes: number,
    private readonly take: (piece: Buffer) => Promise<void>,
  ) {
    this.buffer = Buffer.allocUnsafeSlow(Math.max(1, Math.min(totalBytes, PIECE_BYTES)));
  }

  async add(chunk: Buffer): Promise<void> {
    for (let taken = 0; taken < chunk.length;) {
      const copied = chunk.copy(this.buffer, this.usedBytes, taken);
      taken += copied;
      this.usedBytes += copied;
      if (this.usedBytes === this.buffer.length) await this.flush();
    }
  }

  /** Hands over what is left. */
  async flush(): Promise<void> {
    const piece = this.buffer.subarray(0, this.usedBytes);
    this.usedBytes = 0;
    if (piece.length > 0) await this.take(piece);
  }
}
