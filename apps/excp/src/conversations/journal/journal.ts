import { communicationIdOf } from '@exrec/gc-metadata';
import { identityOf, isEstablishing, type EventKind } from './event-kind.js';

/** A leg whose id has been told to GC or EXRP: it is never renamed (docs/design/CONTRACTS.md#10-conversations (3)). */
export type JournalLeg = {
  /** Root call of the conversation under which it was opened; names the conversation. */
  readonly conversation: string;
  /** Number within its conversation's journal, from 0. */
  readonly index: number;
  readonly callUUID: string;
  readonly place: string;
  readonly number: number;
  /** When it began, as far as was known then; later presences are told apart by it. */
  readonly startMs: number;
};

/**
 * `planned`: written, not answered yet; `sent`: tried, and the outcome is not known or GC wants it again; `taken`;
 * `refused` for good, with GC's message; `dropped`: it can no longer be sent, with the reason.
 */
export const journalStates = ['planned', 'sent', 'taken', 'refused', 'dropped'] as const;
export type JournalState = (typeof journalStates)[number];

/** An event that was decided: its time, and with it its id, never changes. */
export type JournalEvent = {
  readonly conversation: string;
  /** Unique within its conversation; what replaces a refused event has that one's index and a letter. */
  readonly index: string;
  /** Index of the leg it is anchored at; null: the conversation. */
  readonly leg: number | null;
  readonly kind: EventKind;
  /** Which of several events of this kind at this anchor. */
  readonly key: string;
  readonly atMs: number;
  readonly state: JournalState;
  readonly message?: string | undefined;
};

export type Journal = {
  readonly legs: readonly JournalLeg[];
  readonly events: readonly JournalEvent[];
};

export const emptyJournal: Journal = { legs: [], events: [] };

export function communicationIdOfLeg({
  callUUID,
  place,
  number,
}: Pick<JournalLeg, 'callUUID' | 'place' | 'number'>): string {
  return communicationIdOf(callUUID, place, number);
}

/** What has become of one leg. */
export type LegHistory = {
  readonly leg: JournalLeg;
  readonly events: readonly JournalEvent[];
  /** The event that opened it and was not refused. */
  readonly opened: JournalEvent | undefined;
  /** GC, or we, have refused to open it, and nothing takes the place of that. */
  readonly isLost: boolean;
  readonly ended: JournalEvent | undefined;
  readonly lastAtMs: number;
};

/** The histories of all legs, by `<conversation>/<index>`. */
export function historiesOf(journal: Journal): ReadonlyMap<string, LegHistory> {
  const byLeg = new Map<string, JournalEvent[]>();
  for (const event of journal.events) {
    if (event.leg === null) continue;
    const key = legKey({ conversation: event.conversation, index: event.leg });
    byLeg.set(key, [...(byLeg.get(key) ?? []), event]);
  }
  return new Map(
    journal.legs.map((leg) => {
      const events = byLeg.get(legKey(leg)) ?? [];
      const openings = events.filter(({ kind }) => isEstablishing(kind));
      const opened = openings.find(({ state }) => state !== 'refused' && state !== 'dropped');
      const history: LegHistory = {
        leg,
        events,
        opened,
        isLost: opened === undefined && openings.length > 0,
        ended: events.find(
          ({ kind, state }) => kind === 'communicationEnded' && state !== 'dropped',
        ),
        lastAtMs: Math.max(-Infinity, ...events.map(({ atMs }) => atMs)),
      };
      return [legKey(leg), history];
    }),
  );
}

export function legKey({
  conversation,
  index,
}: Pick<JournalLeg, 'conversation' | 'index'>): string {
  return `${conversation}/${index}`;
}

/** What makes an event the same one whatever time it was first given (docs/design/CONVERSATIONS.md#22-ids-and-sending-times). */
export function eventKey({
  conversation,
  leg,
  kind,
  key,
}: Pick<JournalEvent, 'conversation' | 'leg' | 'kind' | 'key'>): string {
  return `${conversation}/${leg ?? '-'}/${identityOf(kind)}/${key}`;
}
