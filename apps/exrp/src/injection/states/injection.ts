import * as z from 'zod';

/** The states of an injection (docs/design/CONTRACTS.md#32-states). */
export const injectionStates = [
  'queued',
  'waiting',
  'fetching',
  'sealing',
  'uploading',
  'uploaded',
  'confirmed',
  'failed',
] as const;
export type InjectionState = (typeof injectionStates)[number];

/** States in which a recording still has a job. */
export const openStates: readonly InjectionState[] = [
  'queued',
  'waiting',
  'fetching',
  'sealing',
  'uploading',
];

/** Version of the record that this release writes; a newer one is held, not touched. */
export const recordVersion = 1;

/** One attempt, as an operator reads it. Times are epoch ms. */
export const attemptSchema = z.object({
  attempt: z.int(),
  startedAtMs: z.number(),
  endedAtMs: z.number(),
  outcome: z.enum(['uploaded', 'waiting', 'failed', 'released']),
  cause: z.string().optional(),
  detail: z.string().optional(),
});
export type Attempt = z.infer<typeof attemptSchema>;

/** What is known once the recording was sealed and sent; everything here goes into the view of docs/design/CONTRACTS.md#32-states. */
export const factsSchema = z
  .object({
    audioSizeBytes: z.number(),
    audioSha256: z.string(),
    audioDurationMs: z.number(),
    /** What is odd about the audio (docs/design/CONTRACTS.md#16-clarifications-of-the-second-round (6)). */
    audioFlags: z.array(z.string()),
    zipSizeBytes: z.number(),
    zipSha256: z.string(),
    keyId: z.string(),
    keyFingerprint: z.string(),
    uploadKey: z.string(),
    sealMs: z.number(),
    uploadMs: z.number(),
    /** Size and time stamp of the file at the last look, and since when it has looked like that. */
    lastLook: z.object({ print: z.string(), sinceMs: z.number() }),
    /** S3 said BadDigest once; a fresh seal gets one more try. */
    badDigestSeen: z.boolean(),
    /** The last upload may have been stored although no answer came. */
    mayBeStored: z.boolean(),
    /** How often S3 has stored it, as far as is known: a report that tells of more has found copies. */
    timesStored: z.number(),
    reportStatus: z.string(),
    /** `Failure` rows without a time in the report that made it a dead letter: a requeued one is not judged by them. */
    reportFailures: z.number(),
  })
  .partial();
export type Facts = z.infer<typeof factsSchema>;

/** A request to take a recording back into the queue: who asked, why and when. */
export const requeueSchema = z.object({ atMs: z.number(), by: z.string(), why: z.string() });
export type Requeue = z.infer<typeof requeueSchema>;

/** Everything EXRP knows of one recording. Times are epoch ms. */
export type Injection = {
  readonly recordingId: string;
  readonly version: number;
  readonly state: InjectionState;
  readonly audioFile: string;
  /** GC-metadata as EXCP sent them, as JSON text. */
  readonly metadata: string;
  readonly expectedSizeBytes?: number;
  readonly expectedDurationMs?: number;
  readonly cause?: string;
  readonly detail?: string;
  readonly attempts: number;
  readonly nextTryAtMs?: number;
  readonly acceptedAtMs: number;
  readonly updatedAtMs: number;
  /** When a missing or incomplete audio file is given up. */
  readonly audioDeadlineAtMs: number;
  readonly uploadedAtMs?: number;
  readonly confirmedAtMs?: number;
  readonly facts: Facts;
  readonly history: readonly Attempt[];
  readonly requeues: readonly Requeue[];
};
