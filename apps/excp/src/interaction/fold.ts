import type { CallEvent } from './feed/call-event.js';
import { callsOf, membershipOf } from './call-tree.js';
import { capEvents, orderEvents } from './feed/event-order.js';
import { historyOf, partiesOfHistory } from './contacts/history-parties.js';
import type {
  Call,
  Direction,
  Interaction,
  InteractionFlag,
  LogEntry,
  Membership,
  Pin,
  PresenceName,
} from './interaction.js';
import { compareText } from './feed/json-value.js';
import { compareParties, partiesOf } from './contacts/parties.js';
import { presencesOf } from './contacts/presences.js';
import { queueVisitsOf } from './contacts/queue-visits.js';
import type { SegmentMetadata } from './feed/segment-metadata.js';
import { participantsOf, userDataOf, userDataOfHistory } from './user-data.js';

/** Some five hundred times the events of an ordinary call. */
export const defaultMaxEvents = 10_000;

/** What is known of an interaction besides its log; without `membership` the events' own links count. */
export interface Settled {
  readonly membership?: Membership | undefined;
  readonly pins?: readonly Pin[];
  readonly told?: ReadonlyMap<string, PresenceName>;
  readonly flags?: readonly InteractionFlag[];
  readonly maxEvents?: number;
}

/**
 * Folds the log of all calls of one interaction into what is known of it. The order of the entries,
 * duplicates and the batches in which they came make no difference. Beyond `maxEvents` the least
 * telling events are left out and the interaction carries the flag `event-cap`.
 */
export function foldInteraction(
  entries: readonly LogEntry[],
  {
    maxEvents = defaultMaxEvents,
    pins = [],
    told = new Map(),
    flags = [],
    ...settled
  }: Settled = {},
): Interaction {
  const all = orderEvents(
    entries.flatMap((entry) => (entry.kind === 'event' ? [entry.event] : [])),
  );
  const ordered = capEvents(all, maxEvents);
  const segments = distinctSegments(
    entries.flatMap((entry) => (entry.kind === 'segment' ? [entry.segment] : [])),
  );
  const membership = settled.membership ?? membershipOf(ordered, segments);
  const { rootCallUUID } = membership;
  const calls = callsOf(ordered, segments, membership);
  const openCalls = calls.filter(
    (call) => call.knownBy !== 'segments' && call.deletedAtMs === undefined,
  );
  return {
    rootCallUUID,
    ...partiesAndData(ordered, calls, { segments, pins }),
    ...numbersOf(rootCallUUID, calls, segments),
    direction: directionOf(rootCallUUID, calls, segments),
    startedAtMs: minimum(calls.map((call) => call.startedAtMs)),
    endedAtMs: openCalls.length > 0 ? undefined : maximum(calls.map((call) => call.deletedAtMs)),
    hasCallEvents: ordered.length > 0,
    calls,
    openCallUUIDs: openCalls.map((call) => call.callUUID),
    participants: participantsOf(ordered),
    segments,
    pins,
    told,
    eventCount: all.length,
    flags: [
      ...new Set([
        ...flags,
        ...(ordered.length < all.length ? (['event-cap'] as const) : []),
        ...(hasSeveralRoots(ordered, membership, pins) ? (['several-roots'] as const) : []),
      ]),
    ],
  };
}

/** A call names another parent than the one to which it is linked, or was told under another conversation. */
function hasSeveralRoots(
  ordered: readonly CallEvent[],
  { rootCallUUID, parents }: Membership,
  pins: readonly Pin[],
): boolean {
  const namesAnother = ({ callUUID, parentCallUUID }: CallEvent) =>
    parentCallUUID !== undefined &&
    parentCallUUID !== callUUID &&
    parentCallUUID !== parents.get(callUUID);
  return ordered.some(namesAnother) || pins.some((pin) => pin.rootCallUUID !== rootCallUUID);
}

function partiesAndData(
  ordered: readonly CallEvent[],
  calls: readonly Call[],
  { segments, pins }: { readonly segments: SegmentMetadata[]; readonly pins: readonly Pin[] },
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
    parties: partiesOf(presencesOf(ordered, calls, pins), queueVisits),
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

function numbersOf(root: string, calls: readonly Call[], segments: readonly SegmentMetadata[]) {
  const sources = [...calls.filter((call) => call.callUUID === root), ...segments, ...calls];
  return {
    ani: sources.find((source) => source.ani !== undefined)?.ani,
    dnis: sources.find((source) => source.dnis !== undefined)?.dnis,
  };
}

/** A consult has its root's direction; unknown is inbound (docs/design/CONTRACTS.md#9-clarifications (10)). */
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
