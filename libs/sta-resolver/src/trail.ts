/** What each rule of CONTRACTS 5 found, in the order in which it was looked at. */
export type TrailOutcome =
  // rule 1
  | 'configuration-unavailable'
  | 'org-transcription-disabled'
  | 'org-transcription-enabled'
  // rule 2
  | 'queue-found-by-map'
  | 'queue-found-by-name'
  | 'queue-name-ambiguous'
  | 'queue-map-target-unknown'
  | 'queue-unknown'
  | 'queue-transcription-disabled'
  | 'queue-transcription-enabled'
  // rule 5
  | 'no-queue'
  | 'queue-ignored-for-trunk'
  // rule 3
  | 'mapped-program'
  | 'mapped-program-unpublished'
  | 'no-mapped-program'
  | 'default-program'
  | 'default-program-unpublished'
  | 'no-default-program'
  // rule 4
  | 'user-data-language'
  | 'user-data-language-unsupported'
  | 'user-data-language-absent'
  | 'user-data-ignored-for-trunk'
  | 'default-language'
  | 'default-language-unsupported'
  | 'default-language-absent';

/** One step of a decision. */
export type TrailStep = {
  /** The rule's number in CONTRACTS 5. */
  readonly rule: 1 | 2 | 3 | 4 | 5;
  readonly outcome: TrailOutcome;
  /** What was found: GC's word, a GC queue id, a program id, a language, or a count. */
  readonly value?: string;
};
