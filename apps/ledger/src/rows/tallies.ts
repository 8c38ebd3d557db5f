import type { RecordingRow } from '../database/tables.js';

/** What recordings are counted by, besides their state and cause: `''` is all of them. */
export const tallyDimensions = ['', 'agent', 'queue', 'language', 'program'] as const;
export type TallyDimension = (typeof tallyDimensions)[number];

export type TallyChange = {
  readonly dimension: TallyDimension;
  /** When the time begins that is counted together, see `tallySpanMs`; epoch ms. */
  readonly fromMs: number;
  readonly value: string;
  readonly state: string;
  readonly cause: string;
  recordings: number;
  duration_ms: number;
};

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Recordings of one hour are counted together, of one day (UTC) by agent: agents are many, and each has few in an hour. */
export function tallySpanMs(dimension: TallyDimension): number {
  return dimension === 'agent' ? dayMs : hourMs;
}

/** Sums up what rows that were replaced by others do to the tallies. */
export class TallyChanges {
  readonly #changes = new Map<string, TallyChange>();

  replace(before: RecordingRow | undefined, after: RecordingRow): void {
    if (before !== undefined) this.#add(before, -1);
    this.#add(after, 1);
  }

  /** Those that make a difference, in the order of the table: who writes in that order waits for nobody in a ring. */
  result(): readonly TallyChange[] {
    return [...this.#changes]
      .filter(([, { recordings, duration_ms }]) => recordings !== 0 || duration_ms !== 0)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([, change]) => change);
  }

  #add(row: RecordingRow, sign: 1 | -1): void {
    const startMs = new Date(row.start_time).getTime();
    for (const dimension of tallyDimensions) {
      const spanMs = tallySpanMs(dimension);
      const fromMs = Math.floor(startMs / spanMs) * spanMs;
      const value = valueOf(row, dimension);
      // Only all of them are counted by cause, too.
      const cause = dimension === '' ? (row.cause ?? '') : '';
      const key = JSON.stringify([dimension, fromMs, value, row.state, cause]);
      const known = this.#changes.get(key) ?? {
        dimension,
        fromMs,
        value,
        state: row.state,
        cause,
        recordings: 0,
        duration_ms: 0,
      };
      known.recordings += sign;
      known.duration_ms += sign * (row.duration_ms ?? 0);
      this.#changes.set(key, known);
    }
  }
}

function valueOf(row: RecordingRow, dimension: TallyDimension): string {
  if (dimension === '') return '';
  if (dimension === 'program') return row.program_name ?? row.program_id ?? '';
  return row[dimension] ?? '';
}
