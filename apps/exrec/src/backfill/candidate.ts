/** A recording that may have to be handed in after the fact. */
export type Candidate = {
  /** Name of its audio file on the storage. */
  readonly mediaId: string;
  /** What MCP would have posted about it. */
  readonly metadata: () => Promise<object>;
};

export type Span = { readonly fromMs: number; readonly toMs: number };
