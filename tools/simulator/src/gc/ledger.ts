/** One request as it came, without its secrets: no query, no header values. */
export type LedgerEntry = {
  readonly at: string;
  readonly target: string;
  readonly method: string;
  readonly path: string;
  /** Id of the OAuth client whose valid token came with it. */
  readonly client: string | null;
  /** 0: no answer was given (reset, stall, the client left). */
  readonly status: number;
  /** Names of the headers that came, lower-case. */
  readonly headerNames: readonly string[];
};

const RECENT_LIMIT = 2_000;

/** Counts every request by endpoint and status, and remembers the latest. */
export class Ledger {
  readonly #counts = new Map<string, Map<number, number>>();
  #recent: LedgerEntry[] = [];

  add(entry: LedgerEntry): void {
    const byStatus = this.#counts.get(entry.target) ?? new Map<number, number>();
    this.#counts.set(
      entry.target,
      byStatus.set(entry.status, (byStatus.get(entry.status) ?? 0) + 1),
    );
    this.#recent.push(entry);
    if (this.#recent.length > 2 * RECENT_LIMIT) this.#recent = this.#recent.slice(-RECENT_LIMIT);
  }

  /** Requests to `target`, all of them or those answered with `status`. */
  count(target: string, status?: number): number {
    const byStatus = this.#counts.get(target);
    if (!byStatus) return 0;
    if (status !== undefined) return byStatus.get(status) ?? 0;
    return [...byStatus.values()].reduce((sum, each) => sum + each, 0);
  }

  /** `{target: {status: count}}`. */
  counts(): Record<string, Record<string, number>> {
    return Object.fromEntries(
      [...this.#counts].map(([target, byStatus]) => [target, Object.fromEntries(byStatus)]),
    );
  }

  /** The latest requests, oldest first. */
  recent(): readonly LedgerEntry[] {
    return this.#recent.slice(-RECENT_LIMIT);
  }

  clear(): void {
    this.#counts.clear();
    this.#recent = [];
  }
}
