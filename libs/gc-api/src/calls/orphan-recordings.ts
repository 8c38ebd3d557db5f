import * as z from 'zod';
import { readNumberedPages } from '../paging/numbered-pages.js';
import type { CallOptions, GcSession } from '../request/gc-request.js';

const orphanShape = z.object({
  id: z.string().min(1),
  createdTime: z.string().nullish(),
  orphanStatus: z.string().nullish(),
  sourceOrphaningId: z.string().nullish(),
  recording: z.object({ id: z.string().nullish() }).nullish(),
});

/** A recording for which GC has found no conversation (docs/design/CONTRACTS.md#10-conversations (10)). */
export type OrphanRecording = {
  readonly id: string;
  /** GC's word, e.g. `NO_CONVERSATION`. */
  readonly orphanStatus: string | null;
  readonly createdTime: string | null;
  readonly recordingId: string | null;
  readonly sourceOrphaningId: string | null;
};

/** All orphan recordings of the organization. */
export async function orphanRecordings(
  session: GcSession,
  { signal }: CallOptions = {},
): Promise<OrphanRecording[]> {
  const found = await readNumberedPages(session, {
    kind: 'report',
    template: '/api/v2/orphanrecordings',
    pageSize: 100,
    entity: orphanShape,
    signal,
  });
  return found.map(({ id, orphanStatus, createdTime, recording, sourceOrphaningId }) => ({
    id,
    orphanStatus: orphanStatus ?? null,
    createdTime: createdTime ?? null,
    recordingId: recording?.id ?? null,
    sourceOrphaningId: sourceOrphaningId ?? null,
  }));
}

/** Gives an orphan its conversation. */
export async function attachOrphan(
  session: GcSession,
  { orphanId, conversationId }: { readonly orphanId: string; readonly conversationId: string },
  { signal }: CallOptions = {},
): Promise<void> {
  await session.call({
    kind: 'report',
    method: 'PUT',
    template: '/api/v2/orphanrecordings/{orphanId}',
    path: `/api/v2/orphanrecordings/${encodeURIComponent(orphanId)}`,
    body: { conversationId },
    shape: z.object({}),
    signal,
  });
}
