/** Runs tasks one after the other, in the order in which they came. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs `task` when all earlier ones are done, whether they succeeded or not. */
  take<T>(task: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(task, task);
    // The caller sees the failure of `turn`; the queue itself goes on.
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
