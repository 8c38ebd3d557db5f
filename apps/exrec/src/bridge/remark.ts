/**
 * What is to be said about a feed. `missing`: EXCP can do without and knows less; `contradiction`: two events say
 * different things; `note`: right as it is, and perhaps not meant.
 */
export type Remark = {
  readonly level: 'missing' | 'contradiction' | 'note';
  /** The call it is about; null: the whole feed. */
  readonly callUUID: string | null;
  /** When, ISO; null: it is about no moment. */
  readonly at: string | null;
  readonly text: string;
  /** What the bridge should post, or what comes of it. */
  readonly hint: string;
};

export function remark(
  level: Remark['level'],
  { callUUID, atMs }: { readonly callUUID?: string; readonly atMs?: number | undefined },
  [text, hint]: readonly [text: string, hint: string],
): Remark {
  const at = atMs === undefined ? null : new Date(atMs).toISOString();
  return { level, callUUID: callUUID ?? null, at, text, hint };
}
