import type { Terminal } from './terminal.js';

const widthColumns = 30;
const quietMs = 2_000;
const eraseLine = '\r\u001b[K';

/** What is under way, for what takes longer than two seconds: by stderr, and to a person only. */
export class Progress {
  readonly #terminal: Terminal;
  readonly #startedAtMs: number;
  readonly #now: () => number;
  #isShown = false;

  constructor(terminal: Terminal, now: () => number = Date.now) {
    this.#terminal = terminal;
    this.#now = now;
    this.#startedAtMs = now();
  }

  /** How far it is, where that is known. */
  show(done: number, total: number): void {
    const share = total === 0 ? 1 : done / total;
    const filled = Math.round(share * widthColumns);
    const bar = '█'.repeat(filled) + '░'.repeat(widthColumns - filled);
    this.#write(() => `${bar} ${done} of ${total}`);
  }

  /** What is done, where nobody knows how long it takes. */
  tell(what: string): void {
    this.#write((ms) => `${what}: ${Math.round(ms / 1000)} s`);
  }

  end(): void {
    if (this.#isShown) this.#terminal.progress('\n');
    this.#isShown = false;
  }

  #write(words: (ms: number) => string): void {
    const ms = this.#now() - this.#startedAtMs;
    if (!this.#terminal.hasProgress || ms < quietMs) return;
    this.#terminal.progress(`${eraseLine} ${words(ms)}`);
    this.#isShown = true;
  }
}
