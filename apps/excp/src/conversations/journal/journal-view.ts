import { conversationIdOf } from '@exrec/gc-metadata';
import type { KeptInteraction } from '../../call-log/kept-interaction.js';
import { readJournal } from './journal-text.js';
import { communicationIdOfLeg, historiesOf, legKey } from './journal.js';

const iso = (ms: number) => new Date(ms).toISOString();

/** What GC was told of an interaction, and what it answered (docs/design/CONTRACTS.md#10-conversations (7)). */
export function conversationsView({ stored }: Pick<KeptInteraction, 'stored'>) {
  const journal = readJournal(stored);
  const histories = historiesOf(journal);
  const roots = [...new Set(journal.legs.map(({ conversation }) => conversation))];
  return roots.map((root) => {
    const legs = journal.legs.filter(({ conversation }) => conversation === root);
    const isComplete = legs.every((leg) => {
      const history = histories.get(legKey(leg));
      return history?.isLost === true || history?.ended?.state === 'taken';
    });
    return {
      conversationId: conversationIdOf(root),
      interactionId: root,
      complete: isComplete,
      legs: legs.map((leg) => {
        const history = histories.get(legKey(leg));
        return {
          communicationId: communicationIdOfLeg(leg),
          ...{ callUUID: leg.callUUID, place: leg.place, number: leg.number },
          kind: history?.opened?.kind.replace('Established', '') ?? null,
          startedAt: iso(leg.startMs),
          ended: history?.ended !== undefined,
          gap: history?.isLost ?? false,
        };
      }),
      events: journal.events
        .filter(({ conversation }) => conversation === root)
        .map(({ index, leg, kind, atMs, state, message }) => {
          return { index, leg, kind, time: iso(atMs), state, message: message ?? null };
        }),
    };
  });
}

/** Whether nothing of it is on its way to GC any more. */
export function isJournalSettled({ stored }: Pick<KeptInteraction, 'stored'>): boolean {
  return readJournal(stored).events.every(({ state }) => state !== 'planned' && state !== 'sent');
}
