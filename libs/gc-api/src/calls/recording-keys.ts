import * as z from 'zod';
import { readNumberedPages } from '../paging/numbered-pages.js';
import type { CallOptions, GcSession } from '../request/gc-request.js';

const recordingKey = z.object({
  id: z.string().min(1),
  createDate: z.string().nullish(),
  /** The public key in one of the forms of docs/design/CONTRACTS.md#34-gc-key. */
  keydataSummary: z.string().nullish(),
  keyConfigurationType: z.string().nullish(),
});

export type RecordingKey = z.infer<typeof recordingKey>;

/**
 * The organisation's recording keys, all pages, in GC's order (docs/reference/genesys-facts.md#43-public-keys).
 * Nothing can be sealed without them, so they count as `upload`.
 */
export function recordingKeys(
  session: GcSession,
  { signal }: CallOptions = {},
): Promise<RecordingKey[]> {
  return readNumberedPages(session, {
    kind: 'upload',
    template: '/api/v2/recording/recordingkeys',
    pageSize: 100,
    entity: recordingKey,
    signal,
  });
}
