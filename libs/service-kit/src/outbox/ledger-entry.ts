import * as z from 'zod';

/** Version of the entries that this release writes; a ledger keeps newer ones aside until it is newer itself. */
export const ledgerEntryVersion = 1;

const text = z.string();
/** A moment that a date can be made of. */
const ms = z.number().min(0).max(8.64e15);
const msText = z.coerce.number().min(0).max(8.64e15);
const json = <T extends z.ZodType>(inner: T) =>
  z
    .string()
    .transform((value): unknown => JSON.parse(value))
    .pipe(inner);

/** Where a segment is on its way to EXRP, in EXCP's words. */
const dispatchSchema = z.object({
  state: z.string(),
  atMs: ms,
  attempts: z.number().optional(),
  cause: text.optional(),
  detail: text.optional(),
  nextTryAtMs: ms.optional(),
});

const staSchema = z.object({
  requested: z.boolean(),
  reason: text.optional(),
  programId: text.optional(),
  /** GC's name of the program at the time of the decision. */
  programName: text.optional(),
  language: text.optional(),
  trail: z.array(z.looseObject({})).optional(),
});

/** What EXCP knows of a segment: all of it, each time something changes. */
export const segmentEntrySchema = z.object({
  mediaId: text,
  interactionId: text,
  callUUID: text,
  conversationId: text.optional(),
  communicationId: text.optional(),
  recordedParty: z.enum(['agent', 'trunk']).optional(),
  agentId: text.optional(),
  dn: text.optional(),
  queue: text.optional(),
  direction: text.optional(),
  startMs: ms,
  stopMs: ms.optional(),
  durationMs: z.number().optional(),
  sizeBytes: z.number().optional(),
  ani: text.optional(),
  dnis: text.optional(),
  /** Missing until it is decided. */
  scope: z.object({ inScope: z.boolean(), rule: text.optional() }).optional(),
  sta: staSchema.optional(),
  flags: z.array(text).optional(),
  /** Missing until something is to be sent. */
  dispatch: dispatchSchema.optional(),
});
export type SegmentEntry = z.infer<typeof segmentEntrySchema>;

/** What EXCP knows of an interaction: all of it, each time something changes. */
export const interactionEntrySchema = z.object({
  callUUIDs: z.array(text),
  /** `joined`: it has turned out to be a part of another one, which says all there is to say. */
  state: z.enum(['open', 'ended', 'finished', 'joined']),
  direction: text.optional(),
  ani: text.optional(),
  dnis: text.optional(),
  startMs: ms,
  endMs: ms.optional(),
  endedBy: text.optional(),
  flags: z.array(text),
  agents: z.array(text),
  dns: z.array(text),
  queues: z.array(text),
  segments: z.number(),
  /** How the conversation in GC stands, in one word, and what is the matter with it. */
  conversationState: text.optional(),
  conversationDetail: text.optional(),
});
export type InteractionEntry = z.infer<typeof interactionEntrySchema>;

const attemptSchema = z.object({
  attempt: z.number(),
  startedAtMs: ms,
  endedAtMs: ms,
  outcome: text,
  cause: text.optional(),
  detail: text.optional(),
});
const requeueSchema = z.object({ atMs: ms, by: text, why: text });
const factsSchema = z
  .object({
    audioSizeBytes: z.number(),
    audioSha256: text,
    audioDurationMs: z.number(),
    zipSizeBytes: z.number(),
    zipSha256: text,
    keyId: text,
    keyFingerprint: text,
    uploadKey: text,
    reportStatus: text,
    flags: z.array(text),
  })
  .partial();

/**
 * EXRP's record as its script finds it in Redis: a hash, so every value is a text. GC-metadata come with the first
 * entry only.
 */
export const injectionEntrySchema = z.object({
  state: text,
  audioFile: text,
  metadata: text.optional(),
  cause: text.optional(),
  detail: text.optional(),
  attempts: z.coerce.number().default(0),
  nextTryAtMs: msText.optional(),
  acceptedAtMs: msText,
  updatedAtMs: msText,
  uploadedAtMs: msText.optional(),
  confirmedAtMs: msText.optional(),
  facts: json(factsSchema).prefault('{}'),
  history: json(z.array(attemptSchema)).prefault('[]'),
  requeues: json(z.array(requeueSchema)).prefault('[]'),
});
export type InjectionEntry = z.infer<typeof injectionEntrySchema>;

/** All differences that one reconciliation found; those of the one before are over. */
export const reconciliationEntrySchema = z.object({
  startedAtMs: ms,
  finishedAtMs: ms,
  sentence: text,
  differences: z.array(
    z.object({
      kind: text,
      id: text,
      mediaId: text.optional(),
      recordingId: text.optional(),
      callUUID: text.optional(),
      cause: text.optional(),
      sinceMs: ms.optional(),
    }),
  ),
});
export type ReconciliationEntry = z.infer<typeof reconciliationEntrySchema>;

/** Kinds of subjects, and what an entry of each carries. The id is the recordingId, the root callUUID, or `latest`. */
export const ledgerEntrySchemas = {
  segment: segmentEntrySchema,
  injection: injectionEntrySchema,
  interaction: interactionEntrySchema,
  reconciliation: reconciliationEntrySchema,
} as const;
export type LedgerEntryKind = keyof typeof ledgerEntrySchemas;

type DataOf = {
  segment: SegmentEntry;
  interaction: InteractionEntry;
  reconciliation: ReconciliationEntry;
};

/** An entry that a script writes as it was made: those of EXRP are made by the script itself. */
export type OutboxEntry = {
  [K in keyof DataOf]: { readonly kind: K; readonly id: string; readonly data: DataOf[K] };
}[keyof DataOf];
