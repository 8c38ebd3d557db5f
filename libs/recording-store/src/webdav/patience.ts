import { isNativeError } from 'node:util/types';

/**
 * Waits for the other side, but never for ever: an idle timer that runs only while something is
 * awaited (a slow consumer is no fault of the storage), together with the caller's signal.
 */
export class Patience {
  readonly #controller = new AbortController();
  readonly #idleMs: number;
  readonly #tooLong: () => Error;
  readonly #outer: AbortSignal | undefined;
  readonly #onOuterAbort = () => this.giveUp(this.#outer?.reason);

  /** @param tooLong makes the error for a wait longer than `idleMs` */
  constructor(idleMs: number, tooLong: () => Error, outer?: AbortSignal) {
    this.#idleMs = idleMs;
    this.#tooLong = tooLong;
    this.#outer = outer;
    if (outer?.aborted) this.giveUp(outer.reason);
    outer?.addEventListener('abort', this.#onOuterAbort, { once: true });
  }

  /** Aborted when the patience is at its end; its reason says why. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  giveUp(reason: unknown): void {
    this.#controller.abort(reason);
  }

  /** The result of `work`, or the reason for which it was given up. */
  during<T>(work: Promise<T>): Promise<T> {
    const { signal } = this;
    return new Promise<T>((resolve, reject) => {
      const timer = setTimeout(() => this.giveUp(this.#tooLong()), this.#idleMs);
      const onAbort = () => reject(asError(signal.reason));
      if (signal.aborted) onAbort();
      signal.addEventListener('abort', onAbort, { once: true });
      const settled = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
      };
      work.then(resolve, (error: unknown) =>
        reject(signal.aborted ? asError(signal.reason) : asError(error)),
      );
      work.then(settled, settled);
    });
  }

  /** Lets go of the caller's signal. */
  end(): void {
    this.#outer?.removeEventListener('abort', this.#onOuterAbort);
  }
}

function asError(reason: unknown): Error {
  return isNativeError(reason) || reason instanceof Error
    ? reason
    : new Error('given up', { cause: reason });
}
