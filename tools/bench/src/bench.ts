import type { Figure } from './measure/figure.js';
import type { BenchOptions } from './options.js';

/** What a bench works with. */
export type BenchContext = {
  readonly options: BenchOptions;
  /** The workspace. */
  readonly root: string;
  /** A folder of the bench's own, removed afterwards. */
  readonly dir: string;
  /** For those who wait: one line of progress. */
  readonly say: (text: string) => void;
  /** Registers what has to be ended or removed when the bench is over, in reverse order. */
  readonly cleanUp: (task: () => Promise<unknown>) => void;
};

/** One row of the table in `docs/performance.md`, with all its figures. */
export type Bench = {
  readonly name: string;
  readonly subject: string;
  readonly baseline: string;
  readonly measure: (context: BenchContext) => Promise<readonly Figure[]>;
};
