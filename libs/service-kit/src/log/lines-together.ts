import { Writable } from 'node:stream';

/**
 * Prints the lines of one turn of the event loop in one write: a system call for each costs more than making the line.
 * Whatever ends the process, what it said is printed before; only a kill takes the lines of its last turn along.
 */
export class LinesTogether extends Writable {
  readonly #out: NodeJS.WritableStream;
  #held = '';

  constructor(out: NodeJS.WritableStream) {
    super({ decodeStrings: false });
    this.#out = out;
  }

  override _write(lines: string, _encoding: BufferEncoding, done: () => void): void {
    if (this.#held === '') {
      setImmediate(this.printNow);
      process.once('exit', this.printNow);
    }
    this.#held += lines;
    done();
  }

  readonly printNow = (): void => {
    if (this.#held === '') return;
    process.off('exit', this.printNow);
    this.#out.write(this.#held);
    this.#held = '';
  };
}
