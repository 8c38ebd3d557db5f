/** What the rules of docs/design/CONTRACTS.md#5-sta-rules found, one word for each. */
export type TrailRule =
  // the organization
  | 'configuration-unavailable'
  | 'org-transcription-disabled'
  | 'org-transcription-enabled'
  // the queue
  | 'queue-found-by-map'
  | 'queue-found-by-name'
  | 'queue-name-ambiguous'
  | 'queue-map-target-unknown'
  | 'queue-unknown'
  | 'queue-transcription-disabled'
  | 'queue-transcription-enabled'
  // without a queue
  | 'no-queue'
  | 'queue-ignored-for-trunk'
  // the program
  | 'mapped-program'
  | 'mapped-program-unpublished'
  | 'no-mapped-program'
  | 'default-program'
  | 'default-program-unpublished'
  | 'no-default-program'
  // the language
  | 'user-data-language'
  | 'user-data-language-unsupported'
  | 'user-data-language-absent'
  | 'user-data-ignored-for-trunk'
  | 'default-language'
  | 'default-language-unsupported'
  | 'default-language-absent';

/** One step of a decision. */
export type TrailStep = {
  readonly rule: TrailRule;
  /** What was found: GC's word, a GC queue id, a program id, a language, or a count. */
  readonly value?: string;
};
