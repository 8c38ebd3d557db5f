import { historiesOf, legKey, type Journal, type JournalLeg } from '../journal/journal.js';
import type { NewEvent } from '../events/news.js';

/** A leg that was opened and not ended, with all that is needed to end it whatever else is lost. */
export type OpenLeg = Pick<JournalLeg, 'index' | 'callUUID' | 'place' | 'number'> & {
  /** Time of the last event of its conversation, epoch ms. */
  readonly lastAtMs: number;
};

/** '' for none. */
export function openText(legs: readonly OpenLeg[]): string {
  return legs.length === 0
    ? ''
    : JSON.stringify(
        legs.map((leg) => [leg.index, leg.callUUID, leg.place, leg.number, leg.lastAtMs]),
      );
}

export function readOpen(text: string): OpenLeg[] {
  // Written by `openText`.
  const rows = JSON.parse(text) as [number, string, string, number, number][];
  return rows.map(([index, callUUID, place, number, lastAtMs]) => {
    return { index, callUUID, place, number, lastAtMs };
  });
}

/** The open legs of every conversation that `events` are about, as they are once those are written. */
export function openLegsOf(
  journal: Journal,
  news: { readonly legs: readonly JournalLeg[]; readonly events: readonly NewEvent[] },
): ReadonlyMap<string, readonly OpenLeg[]> {
  const after = {
    legs: [...journal.legs, ...news.legs],
    events: [...journal.events, ...news.events.map(({ entry }) => entry)],
  };
  const changed = new Set(news.events.map(({ entry }) => entry.conversation));
  const histories = historiesOf(after);
  return new Map(
    [...changed].map((conversation) => {
      const ofIt = after.events.filter((event) => event.conversation === conversation);
      const lastAtMs = Math.max(...ofIt.map(({ atMs }) => atMs));
      const open = after.legs.filter((leg) => {
        const history = histories.get(legKey(leg));
        const isOpen = history?.opened !== undefined && history.ended === undefined;
        return leg.conversation === conversation && isOpen;
      });
      return [
        conversation,
        open.map(({ index, callUUID, place, number }) => {
          return { index, callUUID, place, number, lastAtMs };
        }),
      ];
    }),
  );
}
