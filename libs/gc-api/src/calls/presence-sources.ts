import * as z from 'zod';
import type { CallOptions, GcSession } from '../request/gc-request.js';

const sourceShape = z.object({
  id: z.string().min(1),
  name: z.string(),
  type: z.string().nullish(),
  deactivated: z.boolean().nullish(),
});
const listShape = z.object({ entities: z.array(sourceShape) });
const template = '/api/v2/presence/sources';

/** A platform outside GC whose events and presences it takes (docs/design/CONVERSATIONS.md#12-fields). */
export type PresenceSource = {
  readonly id: string;
  readonly name: string;
  /** GC's own sources are of the type `System`. */
  readonly type: 'System' | 'User';
};

/** The active sources; the list has no pages. */
export async function presenceSources(
  session: GcSession,
  { signal }: CallOptions = {},
): Promise<PresenceSource[]> {
  const query = new URLSearchParams({ deactivated: 'false' });
  const { entities } = await session.call({
    kind: 'configuration',
    method: 'GET',
    template,
    query,
    shape: listShape,
    signal,
  });
  return entities.filter(({ deactivated }) => deactivated !== true).map(sourceOf);
}

/** @throws Failure `gc-rejected` when GC has as many as it allows */
export async function createPresenceSource(
  session: GcSession,
  name: string,
  { signal }: CallOptions = {},
): Promise<PresenceSource> {
  return sourceOf(
    await session.call({
      kind: 'configuration',
      method: 'POST',
      template,
      body: { name },
      shape: sourceShape,
      signal,
    }),
  );
}

function sourceOf({ id, name, type }: z.output<typeof sourceShape>): PresenceSource {
  return { id, name, type: type === 'System' ? 'System' : 'User' };
}
