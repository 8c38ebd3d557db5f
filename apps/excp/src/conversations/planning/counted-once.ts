/** Remembers what was counted, the oldest forgotten first. */
export class CountedOnce {
  readonly #seen = new Set<string>();

  constructor(private readonly most: number) {}

  /** How many of these were not counted before. */
  newOf(keys: readonly string[]): number {
    const fresh = keys.filter((key) => !this.#seen.has(key));
    for (const key of fresh) this.#seen.add(key);
    for (const key of this.#seen) {
      if (this.#seen.size <= this.most) break;
      this.#seen.delete(key);
    }
    return fresh.length;
  }
}
