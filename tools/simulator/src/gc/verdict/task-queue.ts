/** Runs tasks off the request path, a few at a time, in the order they came. */
export class TaskQueue {
  readonly #waiting: (() => Promise<void>)[] = [];
  readonly #concurrency: number;
  #running = 0;
  #closed = false;
  #idle: (() => void)[] = [];

  constructor(concurrency: number) {
    this.#concurrency = concurrency;
  }

  /** @param task must not reject */
  add(task: () => Promise<void>): void {
    if (this.#closed) return;
    this.#waiting.push(task);
    this.#next();
  }

  /** Resolves when nothing waits and nothing runs. */
  settled(): Promise<void> {
    if (this.#running === 0 && this.#waiting.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  /** Drops what waits, and waits for what runs. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#waiting.length = 0;
    await this.settled();
  }

  #next(): void {
    while (this.#running < this.#concurrency) {
      const task = this.#waiting.shift();
      if (!task) break;
      this.#running += 1;
      void task().finally(() => {
        this.#running -= 1;
        this.#next();
      });
    }
    if (this.#running > 0 || this.#waiting.length > 0) return;
    const idle = this.#idle;
    this.#idle = [];
    for (const wake of idle) wake();
  }
}
