/** What EXCP says of Genesys Cloud's configuration: only the fields that are shown. */
export type Configuration = {
  readonly genesysCloud: {
    readonly ageSeconds: number | null;
    readonly takenAt: string | null;
    readonly transcription: string | null;
    readonly queues: { readonly total: number; readonly withTranscription: number } | null;
    readonly defaultProgram: { readonly id: string; readonly name?: string } | null;
    readonly languages: { readonly codes: readonly string[] } | null;
    readonly lastPull: {
      readonly at: string;
      readonly ok: boolean;
      readonly detail: string | null;
    } | null;
  };
  readonly rules: {
    readonly userDataLanguageKey: string | null;
    readonly defaultLanguage: string | null;
  } | null;
  readonly gaps?: readonly {
    readonly kind: string;
    readonly name: string;
    readonly count: number;
  }[];
};

/** An Engage queue beside what Genesys Cloud has for it. */
export type QueueOutlook = {
  readonly queue: string;
  readonly gcQueue: { readonly id: string; readonly name: string } | null;
  readonly transcription: boolean | null;
  readonly program: { readonly id: string; readonly name: string | null } | null;
  readonly language: string | null;
  readonly reason: string | null;
};

/** What a recording would get that was made now. */
export type Preview = {
  readonly requested: boolean;
  readonly programId?: string;
  readonly programName: string | null;
  readonly language?: string;
  readonly reason?: string;
  readonly queue: { readonly name: string; readonly id: string | null } | null;
  readonly scope: { readonly inScope: boolean; readonly rule: string };
  readonly trail: readonly { readonly rule: string; readonly value?: string }[];
};
