import type { Injection } from '../injection/states/injection.js';
import type { ReportRow } from './report-row.js';
import { RowsOfUpload } from './row-that-counts.js';

/** So many recordings of rows that match nothing are remembered: whether any of them is ours tells if the report is understood. */
const mostStrangers = 200;

/** The uploads that no report has told of yet, and what the present one tells of each. */
export class OpenUploads {
  readonly #rows = new Map<string, RowsOfUpload>();
  /** Recordings by the upload key that GC gave. */
  readonly #byKey = new Map<string, string>();
  readonly #strangers = new Set<string>();
  #matched = 0;

  add({ recordingId, uploadedAtMs = 0, facts }: Injection): void {
    const knownFailures = facts.reportFailures ?? 0;
    this.#rows.set(recordingId, new RowsOfUpload({ uploadedAtMs, knownFailures }));
    if (facts.uploadKey !== undefined) this.#byKey.set(facts.uploadKey, recordingId);
  }

  get size(): number {
    return this.#rows.size;
  }

  /** How many rows were about one of the open uploads. */
  get matched(): number {
    return this.#matched;
  }

  /** Some recordings that rows name and that are not open. */
  get strangers(): readonly string[] {
    return [...this.#strangers];
  }

  /** A row belongs to the recording whose upload key it has, else to the first whose id stands anywhere in it. */
  take(row: ReportRow): void {
    const keyed = row.names.map((name) => this.#byKey.get(name));
    const recordingId = [...keyed, ...row.uuids].find(
      (id) => id !== undefined && this.#rows.has(id),
    );
    if (recordingId === undefined) {
      for (const id of row.uuids) if (this.#strangers.size < mostStrangers) this.#strangers.add(id);
      return;
    }
    this.#matched += 1;
    this.#rows.get(recordingId)?.add(row);
  }

  /** What the report tells of each. */
  entries(): IterableIterator<[string, RowsOfUpload]> {
    return this.#rows.entries();
  }
}
