import * as z from 'zod';

const uuid = z.uuidv4();
const name = z.string().min(1);

/** What an administrator has configured in the GC organization, as far as we read it (docs/reference/genesys-facts.md#53-sta-and-transcription-configuration). */
export const gcConfigurationSchema = z.strictObject({
  transcription: z.enum(['Disabled', 'EnabledGlobally', 'EnabledQueueFlow']),
  queues: z.array(z.strictObject({ id: uuid, name, enableTranscription: z.boolean() })),
  programs: z.array(z.strictObject({ id: uuid, name, published: z.boolean() })),
  /** Program and the queues mapped to it. */
  mappings: z.array(z.strictObject({ programId: uuid, queueIds: z.array(uuid) })),
  defaultProgramId: uuid.nullable(),
  dialects: z.array(
    z.strictObject({
      engine: z.enum(['Genesys', 'GenesysExtended', 'TranscriptionConnector']),
      dialects: z.array(z.string()),
    }),
  ),
  users: z.array(
    z.strictObject({
      id: uuid,
      name,
      email: z.email(),
      state: z.enum(['active', 'inactive', 'deleted']),
    }),
  ),
});

export type GcConfiguration = z.output<typeof gcConfigurationSchema>;
