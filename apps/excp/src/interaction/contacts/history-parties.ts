import type { Party } from '../interaction.js';
import { grouped } from '../feed/grouped.js';
import { compareText } from '../feed/json-value.js';
import type { HistoryEntry, SegmentMetadata } from '../feed/segment-metadata.js';

/** The event history of all segments, each entry once, by time. Segments of one envelope carry the same history. */
export function historyOf(segments: readonly SegmentMetadata[]): HistoryEntry[] {
  const distinct = new Map<string, HistoryEntry>();
  for (const segment of segments) {
    for (const entry of segment.history) distinct.set(JSON.stringify(entry), entry);
  }
  return [...distinct]
    .sort(
      ([leftText, left], [rightText, right]) =>
        left.atMs - right.atMs || compareText(leftText, rightText),
    )
    .map(([, entry]) => entry);
}

type Stay = HistoryEntry & { kind: 'joined' | 'left' };

/**
 * Parties by `Joined` and `Left` (docs/reference/genesys-facts.md#34-the-recording-resource), for sites without call events: one per DN and call, so its
 * ordinal is 1 (docs/design/CONTRACTS.md#9-clarifications (11)), with an interval for each stay.
 */
export function partiesOfHistory(history: readonly HistoryEntry[]): Party[] {
  const stays = grouped(
    history.filter((entry) => entry.kind !== 'data'),
    ({ callUUID, dn }) => `${callUUID}/${dn}`,
  );
  return [...stays.values()].flatMap((entries) => {
    const [first] = entries;
    return first === undefined ? [] : [toParty(first, entries)];
  });
}

function toParty(first: Stay, entries: readonly Stay[]): Party {
  const intervals: { state: 'established'; fromMs: number; toMs?: number }[] = [];
  for (const entry of entries) {
    const last = intervals.at(-1);
    const isOpen = last !== undefined && last.toMs === undefined;
    if (entry.kind === 'joined' && !isOpen)
      intervals.push({ state: 'established', fromMs: entry.atMs });
    if (entry.kind === 'left' && isOpen) last.toMs = entry.atMs;
  }
  const joinedAtMs = intervals[0]?.fromMs;
  const userName = entries.find((entry) => entry.userName !== undefined)?.userName;
  return {
    callUUID: first.callUUID,
    dn: first.dn,
    ordinal: 1,
    partyType: first.contactType === 'agent' ? 'agent' : 'other',
    agentId: first.contactType === 'agent' ? userName : undefined,
    addedAtMs: first.atMs,
    establishedAtMs: joinedAtMs,
    goneAtMs: intervals.length === 0 ? first.atMs : intervals.at(-1)?.toMs,
    intervals,
  };
}
