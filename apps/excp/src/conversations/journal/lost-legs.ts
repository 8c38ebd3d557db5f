import type { StoredInteraction } from '../../call-log/kept-interaction.js';
import { readJournal } from './journal-text.js';
import { communicationIdOfLeg, historiesOf } from './journal.js';

/** Flag of a recording whose leg GC has refused for good, and of its interaction (docs/design/CONVERSATIONS.md#8-clarifications (6)). */
export const conversationGap = 'conversation-gap';

/** The communicationIds of legs that GC has refused for good, and that nothing took the place of. */
export function lostLegs(stored: Pick<StoredInteraction, 'calls'>): ReadonlySet<string> {
  const histories = [...historiesOf(readJournal(stored)).values()];
  return new Set(
    histories.flatMap(({ leg, isLost }) => (isLost ? [communicationIdOfLeg(leg)] : [])),
  );
}

/** The flags of an interaction, with the one that only its journal knows of. */
export function flagsWithGap(
  flags: readonly string[],
  stored: Pick<StoredInteraction, 'calls'>,
): string[] {
  return lostLegs(stored).size === 0 ? [...flags] : [...flags, conversationGap];
}
