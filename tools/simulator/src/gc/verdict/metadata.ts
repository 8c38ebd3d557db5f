import * as z from 'zod';

// A second opinion on docs/design/CONTRACTS.md#4-gc-metadata, written from the text and not from the library that EXCP and EXRP use.

const text = z.string().min(1);
const count = z.int().nonnegative();
const time = z.iso.datetime({ precision: 3 });
const uuid = z.uuidv4();

const analytics = z.discriminatedUnion('requested', [
  z.object({
    requested: z.literal(true),
    programId: uuid,
    language: z.string().regex(/^[a-z]{2}-[A-Z0-9]{2,3}$/),
  }),
  z.object({
    requested: z.literal(false),
    reason: z.enum([
      'org-transcription-disabled',
      'queue-transcription-disabled',
      'queue-unknown',
      'no-program',
      'language-unsupported',
      'configuration-unavailable',
    ]),
  }),
]);

export const metadataSchema = z.object({
  schemaVersion: z.literal(1),
  recordingId: uuid,
  conversationId: uuid,
  communicationId: uuid,
  interactionId: text,
  mediaType: z.literal('call'),
  direction: z.enum(['inbound', 'outbound', 'internal']),
  startTime: time,
  endTime: time,
  durationMs: count,
  ani: text.nullable(),
  dnis: text.nullable(),
  recordedParty: z.enum(['agent', 'trunk']),
  agent: z.object({ id: text.nullable(), dn: text.nullable(), userId: uuid.nullable() }).nullable(),
  queue: z.object({ name: text, id: uuid.nullable() }).nullable(),
  speechAndTextAnalytics: analytics,
  annotations: z.array(z.object({ type: text, offsetMs: count, durationMs: count })),
  flags: z.array(text).optional(),
  audio: z.object({
    fileName: text,
    originalFileName: z.string().regex(/^(?!\.)[A-Za-z0-9._\-+@=]{1,255}$/),
    contentType: z.literal('audio/ogg; codecs=opus'),
    sizeBytes: z.int().positive(),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    channels: z.int().min(1).max(8),
    durationMs: count,
  }),
  encryption: z.object({
    container: z.enum(['openpgp', 'cms']),
    keyId: uuid,
    fingerprint: z.string().regex(/^(?:[0-9A-F]{40}|[0-9A-F]{64})$/),
  }),
});

export type Metadata = z.output<typeof metadataSchema>;

export type MetadataReading = {
  readonly metadata: Metadata | undefined;
  readonly problems: readonly string[];
};

/** Reads `metadata.json` and checks what can be checked without the audio. */
export function readMetadata(bytes: Buffer): MetadataReading {
  const parsed = metadataSchema.safeParse(jsonOf(bytes));
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      (issue) => `metadata: ${issue.path.join('.')}: ${issue.message}`,
    );
    return { metadata: undefined, problems };
  }
  return { metadata: parsed.data, problems: inconsistencies(parsed.data) };
}

function inconsistencies(metadata: Metadata): string[] {
  const problems: string[] = [];
  const say = (wrong: boolean, problem: string) => wrong && problems.push(`metadata: ${problem}`);
  const suffix = metadata.encryption.container === 'openpgp' ? 'pgp' : 'p7m';
  say(Date.parse(metadata.endTime) < Date.parse(metadata.startTime), 'ends before it starts');
  say(
    (metadata.agent === null) !== (metadata.recordedParty === 'trunk'),
    'agent and recordedParty disagree',
  );
  say(
    metadata.audio.fileName !== `${metadata.recordingId}.opus.${suffix}`,
    'audio.fileName is not that of this recording',
  );
  return problems;
}

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}
