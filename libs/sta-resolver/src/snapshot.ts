/** A GC program; only a published one can be asked for. */
export type Program = {
  readonly id: string;
  readonly published: boolean;
  /** GC's; missing where GC gave none. For people: no rule goes by it. */
  readonly name?: string;
};

/** A GC queue as far as STA is concerned. */
export type GcQueue = {
  readonly id: string;
  readonly name: string;
  readonly transcription: boolean;
  /** The program mapped to it, published or not. */
  readonly program: Program | null;
};

/** Where the list of languages comes from; the second is to be said in the log and the configuration view. */
export type DialectSource = 'genesys-cloud' | 'documented-list';

/** GC's STA configuration at one moment, ready to be asked. Made by `buildSnapshot` or `parseSnapshot`. */
export type StaSnapshot = {
  /** When it was read from GC, epoch ms. */
  readonly takenAtMs: number;
  /** GC's word: `Disabled`, `EnabledGlobally`, `EnabledQueueFlow` (docs/reference/genesys-facts.md#53-sta-and-transcription-configuration). Only `Disabled` means off. */
  readonly transcription: string;
  readonly defaultProgram: Program | null;
  readonly queues: readonly GcQueue[];
  readonly queueById: ReadonlyMap<string, GcQueue>;
  /** Keyed by the name in lower case; queues of one name by id, ascending. */
  readonly queuesByName: ReadonlyMap<string, readonly GcQueue[]>;
  /** In GC's spelling. */
  readonly dialects: readonly string[];
  readonly dialectByCode: ReadonlyMap<string, string>;
  readonly dialectSource: DialectSource;
};
