import { conversationIdOf } from '@exrec/gc-metadata';
import { historiesOf, legKey, type Journal } from '../journal/journal.js';
import type { NamedLeg } from '../legs/name-legs.js';

/** The leg of a recording, as GC is told of it. */
export type LegIds = {
  readonly conversationId: string;
  readonly communicationId: string;
  /** GC has refused this leg: the recording will wait there for a conversation that it will not get. */
  readonly isGap: boolean;
};

/** The legs that the recordings of a contact name, by media file. */
export function legIdsOf(
  named: readonly NamedLeg[],
  journal: Journal,
): ReadonlyMap<string, LegIds> {
  const histories = historiesOf(journal);
  return new Map(
    named.flatMap((leg) =>
      leg.recordings.map(({ mediaId }) => {
        const ids: LegIds = {
          conversationId: conversationIdOf(leg.conversation),
          communicationId: leg.communicationId,
          isGap: histories.get(legKey(leg))?.isLost ?? false,
        };
        return [mediaId, ids] as const;
      }),
    ),
  );
}
