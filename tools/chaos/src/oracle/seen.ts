import type { ExpectedOutcome } from '@exrec/simulator';

/** Where a recording stands, in the words of one party. */
export type Standing = {
  readonly state: string;
  readonly cause: string | null;
  readonly audioSha256: string | null;
  /** Epoch ms. */
  readonly nextTryAtMs: number | null;
};

/** What everybody says about one recording that was accepted. */
export type SeenRecording = {
  readonly recordingId: string;
  readonly expected: ExpectedOutcome;
  readonly audioSha256: string;
  /** Undefined: does not know it. */
  readonly excp: Pick<Standing, 'state' | 'cause'> | undefined;
  readonly exrp: Standing | undefined;
  readonly ledger: Standing | undefined;
  readonly genesysCloud:
    | {
        /** Uploads that ended well, copies included. */
        readonly uploads: number;
        /** What is wrong with any of them: seal, audio or metadata. */
        readonly problems: readonly string[];
        /** What its conversation lacks. */
        readonly conversation: readonly string[];
      }
    | undefined;
};

/** Something that must not be, by a name that stays the same. */
export type Violation = {
  readonly name: string;
  readonly recordingId?: string;
  readonly detail?: string;
};
