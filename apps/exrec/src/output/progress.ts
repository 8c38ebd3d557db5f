import type { Terminal } from './terminal.js';

const widthColumns = 30;
const quietMs = 2_000;

/** A bar for what takes longer than two seconds; on a terminal only. */
export class Progress {
  readonly #terminal: Terminal;
  readonly #startedAtMs = Date.now();
  #isShown = false;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  show(done: number, total: number): void {
    if (!this.#terminal.isPerson || Date.now() - this.#startedAtMs < quietMs) return;
    const share = total === 0 ? 1 : done / total;
    const filled = Math.round(share * widthColumns);
    const bar = '█'.repeat(filled) + '░'.repeat(widthColumns - filled);
    process.stderr.write(`\r ${bar} ${done} of ${total}`);
    this.#isShown = true;
  }

  end(): void {
    if (this.#isShown) process.stderr.write('\n');
  }
}
