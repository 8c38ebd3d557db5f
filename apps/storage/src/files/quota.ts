import { StorageError } from './storage-error.js';

export type QuotaOptions = {
  /** `Infinity` for no limit. */
  readonly limitBytes: number;
  /** Counts what is really there; slow. */
  readonly measure: () => Promise<number>;
  readonly now?: () => number;
};

const recountEveryMs = 60_000;

/**
 * Bytes that are stored and bytes that are promised to transfers under way.
 * The tree is walked at start and, at most once a minute, before a refusal: files that somebody
 * removed by hand count until then.
 */
export class Quota {
  readonly limitBytes: number;
  readonly #measure: () => Promise<number>;
  readonly #now: () => number;
  #usedBytes = 0;
  #promisedBytes = 0;
  #addedSinceCountBegan = 0;
  #countedAtMs = -Infinity;
  #counting: Promise<void> | undefined;

  constructor({ limitBytes, measure, now = () => performance.now() }: QuotaOptions) {
    this.limitBytes = limitBytes;
    this.#measure = measure;
    this.#now = now;
  }

  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** Walks the tree. What is stored meanwhile may count twice until the next walk, never not at all. */
  recount(): Promise<void> {
    this.#counting ??= this.#count().finally(() => (this.#counting = undefined));
    return this.#counting;
  }

  /**
   * Promises room for a transfer.
   * @throws StorageError `full` when there is none
   */
  async reserve(bytes: number): Promise<Reservation> {
    const reservation = new Reservation(this);
    await reservation.growTo(bytes);
    return reservation;
  }

  /** Notes that stored files have become larger or, below zero, smaller. */
  add(bytes: number): void {
    this.#usedBytes = Math.max(0, this.#usedBytes + bytes);
    if (bytes > 0) this.#addedSinceCountBegan += bytes;
  }

  /**
   * Refuses what could not be stored now, and promises nothing: whoever announces bytes need not send them.
   * @throws StorageError `full`
   */
  async assertRoom(bytes: number): Promise<void> {
    if (!this.#fits(bytes) && this.#now() - this.#countedAtMs >= recountEveryMs)
      await this.recount();
    if (!this.#fits(bytes)) throw new StorageError('full', 'the quota is used up');
  }

  /** @internal */
  promise(bytes: number): Promise<void> | undefined {
    if (!this.#fits(bytes)) return this.assertRoom(bytes).then(() => this.promise(bytes));
    this.#promisedBytes += bytes;
    return undefined;
  }

  /** @internal */
  takeBack(bytes: number): void {
    this.#promisedBytes -= bytes;
  }

  #fits(bytes: number): boolean {
    return this.#usedBytes + this.#promisedBytes + bytes <= this.limitBytes;
  }

  async #count(): Promise<void> {
    this.#addedSinceCountBegan = 0;
    const measuredBytes = await this.#measure();
    this.#usedBytes = measuredBytes + this.#addedSinceCountBegan;
    this.#countedAtMs = this.#now();
  }
}

/** Room promised to one transfer. */
export class Reservation {
  readonly #quota: Quota;
  #bytes = 0;

  constructor(quota: Quota) {
    this.#quota = quota;
  }

  /** Makes sure that at least `bytes` are promised; waits only where the files must be counted. @throws StorageError `full` */
  growTo(bytes: number): Promise<void> | undefined {
    const missing = bytes - this.#bytes;
    if (missing <= 0) return undefined;
    const promised = this.#quota.promise(missing);
    if (promised !== undefined)
      return promised.then(() => {
        this.#bytes += missing;
      });
    this.#bytes += missing;
    return undefined;
  }

  /** Gives the promise back: the transfer is stored and counted, or gone. */
  release(): void {
    this.#quota.takeBack(this.#bytes);
    this.#bytes = 0;
  }
}
