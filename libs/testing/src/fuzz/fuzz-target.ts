/** A reader of foreign bytes, and what it promises of any input. */
export type FuzzTarget = {
  /** Also the folder of its inputs: `cases/fuzz/<name>`. */
  readonly name: string;
  /** Inputs that get far into the reader; others are made from them. */
  readonly corpus: readonly (string | Uint8Array)[];
  /** Pieces that the format is made of. */
  readonly words: readonly string[];
  /** Reads the input. @throws when a promise is broken */
  readonly check: (input: Buffer) => void | Promise<void>;
};
