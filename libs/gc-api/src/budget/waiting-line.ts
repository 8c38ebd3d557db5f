/** First come, first served: one holder at a time. */
export class WaitingLine {
  private last: Promise<void> = Promise.resolve();

  /**
   * Waits for everybody who came before.
   * @returns lets the next one in; to be called exactly when done
   * @throws the signal's reason when it aborts first
   */
  async enter(signal?: AbortSignal): Promise<() => void> {
    signal?.throwIfAborted();
    const before = this.last;
    let release: () => void = () => undefined;
    this.last = new Promise((resolve) => (release = resolve));
    try {
      await orAborted(before, signal);
    } catch (error) {
      void before.then(release);
      throw error;
    }
    return release;
  }
}

function orAborted(turn: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return turn;
  return new Promise((resolve, reject) => {
    const giveUp = () => {
      reject(new Error('aborted'));
    };
    signal.addEventListener('abort', giveUp, { once: true });
    void turn.then(() => {
      signal.removeEventListener('abort', giveUp);
      resolve();
    });
  });
}
