import * as z from 'zod';
import { readNumberedPages } from '../paging/numbered-pages.js';
import type { CallOptions, GcSession } from '../request/gc-request.js';

/** `Disabled`, `EnabledGlobally`, `EnabledQueueFlow`, or what GC may think of: only the first means no. */
const settings = z.object({ transcription: z.string() });

export type TranscriptionSettings = z.infer<typeof settings>;

const queue = z.object({
  id: z.string().min(1),
  name: z.string(),
  enableTranscription: z.boolean().nullish().catch(null),
});

export type GcQueue = {
  readonly id: string;
  readonly name: string;
  readonly enableTranscription: boolean;
};

/** Whether the organisation transcribes at all (docs/reference/genesys-facts.md#53-sta-and-transcription-configuration). */
export function transcriptionSettings(
  session: GcSession,
  { signal }: CallOptions = {},
): Promise<TranscriptionSettings> {
  return session.call({
    kind: 'configuration',
    method: 'GET',
    template: '/api/v2/routing/settings/transcription',
    shape: settings,
    signal,
  });
}

/** All queues (docs/reference/genesys-facts.md#53-sta-and-transcription-configuration); 500 a page, so 10,000 queues cost 20 requests. */
export async function queues(session: GcSession, { signal }: CallOptions = {}): Promise<GcQueue[]> {
  const found = await readNumberedPages(session, {
    kind: 'configuration',
    template: '/api/v2/routing/queues',
    pageSize: 500,
    entity: queue,
    signal,
  });
  return found.map((one) => ({ ...one, enableTranscription: one.enableTranscription ?? false }));
}
