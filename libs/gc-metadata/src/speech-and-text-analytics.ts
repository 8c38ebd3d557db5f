import * as z from 'zod';

/** Why no speech and text analytics is asked for. */
export const STA_REASONS = [
  'org-transcription-disabled',
  'queue-transcription-disabled',
  'queue-unknown',
  'no-program',
  'language-unsupported',
  'configuration-unavailable',
] as const;

export type StaReason = (typeof STA_REASONS)[number];

export const speechAndTextAnalyticsSchema = z
  .discriminatedUnion('requested', [
    z.looseObject({
      requested: z.literal(true),
      programId: z.string().min(1).describe('The GC program'),
      language: z.string().min(1).describe("A dialect in GC's spelling, e.g. `de-DE`"),
    }),
    z.looseObject({ requested: z.literal(false), reason: z.enum(STA_REASONS) }),
  ])
  .describe('What GC shall do with the recording, or why nothing');
