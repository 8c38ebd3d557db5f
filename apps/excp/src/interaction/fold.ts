import { callsOf, rootsOf } from './call-tree.js';
import { capEvents, orderEvents } from './event-order.js';
import { historyOf, partiesOfHistory } from './history-parties.js';
import type { Call, Direction, Interaction, InteractionFlag, LogEntry } from './interaction.js';
import { compareText } from './json-value.js';
import { compareParties, partiesOf } from './parties.js';
import { queueVisitsOf } from './queue-visits.js';
import type { SegmentMetadata } from './segment-metadata.js';
import { participantsOf, userDataOf, userDataOfHistory } from './user-data.js';

/** Our choice: some five hundred times the events of an ordinary call. */
export const defaultMaxEvents = 10_000;

/**
 * Folds the log of all calls of one interaction into what is known of it. The order of the entries,
 * duplicates and the batches in which they came make no difference. Beyond `maxEvents` the least
 * telling events are left out and the interaction carries the flag `event-cap`.
 */
export function foldInteraction(
  entries: readonly LogEntry[],
  { maxEvents = defaultMaxEvents }: { maxEvents?: number } = {},
): Interaction {
  const all = orderEvents(
    entries.flatMap((entry) => (entry.kind === 'event' ? [entry.event] : [])),
  );
  const ordered = capEvents(all, maxEvents);
  const segments = distinctSegments(
    entries.flatMap((entry) => (entry.kind === 'segment' ? [entry.segment] : [])),
  );
  const calls = callsOf(ordered, segments);
  const { rootCallUUID, isOnlyRoot } = rootOf(calls);
  const openCalls = calls.filter(
    (call) => call.knownBy !== 'segments' && call.deletedAtMs === undefined,
  );
  const flags: InteractionFlag[] = [];
  if (ordered.length < all.length) flags.push('event-cap');
  if (!isOnlyRoot) flags.push('several-roots');
  return {
    rootCallUUID,
    ...partiesAndData(ordered, calls, segments),
    ...numbersOf(rootCallUUID, calls, segments),
    direction: directionOf(rootCallUUID, calls, segments),
    startedAtMs: minimum(calls.map((call) => call.startedAtMs)),
    endedAtMs: openCalls.length > 0 ? undefined : maximum(calls.map((call) => call.deletedAtMs)),
    hasCallEvents: ordered.length > 0,
    calls,
    openCallUUIDs: openCalls.map((call) => call.callUUID),
    participants: participantsOf(ordered),
    segments,
    eventCount: all.length,
    flags,
  };
}

function partiesAndData(
  ordered: Parameters<typeof capEvents>[0],
  calls: Call[],
  segments: SegmentMetadata[],
) {
  if (ordered.length === 0) {
    const history = historyOf(segments);
    return {
      parties: partiesOfHistory(history).sort(compareParties),
      queueVisits: [],
      userData: userDataOfHistory(history),
    };
  }
  const queueVisits = queueVisitsOf(ordered, calls);
  return {
    parties: partiesOf(ordered, calls, queueVisits),
    queueVisits,
    userData: userDataOf(ordered),
  };
}

/** One version of each segment, by start. The newest version can't be told apart here: the longest one counts. */
function distinctSegments(segments: readonly SegmentMetadata[]): SegmentMetadata[] {
  const distinct = new Map<string, SegmentMetadata>();
  for (const segment of segments) {
    const known = distinct.get(segment.mediaId);
    if (known === undefined || compareVersions(segment, known) > 0)
      distinct.set(segment.mediaId, segment);
  }
  return [...distinct.values()].sort(
    (left, right) => left.startMs - right.startMs || compareText(left.mediaId, right.mediaId),
  );
}

function compareVersions(left: SegmentMetadata, right: SegmentMetadata): number {
  return left.stopMs - right.stopMs || compareText(JSON.stringify(left), JSON.stringify(right));
}

/** The root of all calls; of several (a link is missing), the one whose first call began first. */
function rootOf(calls: readonly Call[]): { rootCallUUID: string; isOnlyRoot: boolean } {
  const roots = rootsOf(calls);
  const [first] = calls;
  const rootCallUUID = first === undefined ? '' : (roots.get(first.callUUID) ?? first.callUUID);
  return { rootCallUUID, isOnlyRoot: new Set(roots.values()).size <= 1 };
}

function numbersOf(root: string, calls: readonly Call[], segments: readonly SegmentMetadata[]) {
  const sources = [...calls.filter((call) => call.callUUID === root), ...segments, ...calls];
  return {
    ani: sources.find((source) => source.ani !== undefined)?.ani,
    dnis: sources.find((source) => source.dnis !== undefined)?.dnis,
  };
}

/** A consult has its root's direction; unknown is inbound (CONTRACTS 9.10). */
function directionOf(
  root: string,
  calls: readonly Call[],
  segments: readonly SegmentMetadata[],
): Direction {
  const callTypes = [...calls.filter((call) => call.callUUID === root), ...calls, ...segments].map(
    ({ callType }) => callType,
  );
  switch (callTypes.find((callType) => callType !== undefined && callType !== 'Consult')) {
    case 'Outbound':
      return 'outbound';
    case 'Internal':
      return 'internal';
    default:
      return 'inbound';
  }
}

function minimum(values: readonly (number | undefined)[]): number | undefined {
  return values.reduce(
    (least, value) => (value === undefined ? least : Math.min(least ?? value, value)),
    undefined,
  );
}

function maximum(values: readonly (number | undefined)[]): number | undefined {
  return values.reduce(
    (most, value) => (value === undefined ? most : Math.max(most ?? value, value)),
    undefined,
  );
}
