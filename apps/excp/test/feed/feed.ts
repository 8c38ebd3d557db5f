import type {
  CallEvent,
  CallEventKind,
  LogEntry,
  SegmentMetadata,
} from '../../src/interaction/index.js';

/** 2026-03-02T09:15:00Z */
export const startOfFeedMs = Date.UTC(2026, 2, 2, 9, 15);
export const rootCall = '02AB7QK3D4FH59LMN0PQ6RSTUV000017';
export const consultCall = '02AB7QK3D4FH59LMN0PQ6RSTUV000018';

/** Epoch ms of a moment of the feed, in seconds from its start. */
export function at(seconds: number): number {
  return startOfFeedMs + Math.round(seconds * 1000);
}

type Details = Partial<Omit<CallEvent, 'event' | 'timeMs'>>;

/** A call event of the root call, unless the details say otherwise. */
export function event(kind: CallEventKind, seconds: number, details: Details = {}): CallEvent {
  const content = { event: kind, timeMs: at(seconds), callUUID: rootCall, ...details };
  return { eventId: JSON.stringify(content), ...content };
}

/** A party that is added, answers and leaves. */
export function stay(
  dn: string,
  [addedAt, answeredAt, goneAt]: readonly [number, number, number],
  details: Details = {},
): CallEvent[] {
  const party = { thisDN: dn, partyType: 'agent' as const, agentId: `agent${dn}`, ...details };
  return [
    event('EventCallPartyAdded', addedAt, { ...party, partyState: 'ringing' }),
    event('EventCallPartyState', answeredAt, { ...party, partyState: 'established' }),
    event('EventCallPartyDeleted', goneAt, party),
  ];
}

/** A call that waits in a queue and is diverted to a DN, or abandoned without one. */
export function visit(
  queue: string,
  [queuedAt, leftAt]: readonly [number, number],
  dn?: string,
  details: Details = {},
): CallEvent[] {
  const place = { thisDN: queue, thisQueue: queue, ...details };
  return [
    event('EventQueued', queuedAt, place),
    event('EventDiverted', leftAt, { ...place, ...(dn !== undefined && { thirdPartyDN: dn }) }),
  ];
}

export function segment(
  mediaId: string,
  [startAt, stopAt]: readonly [number, number],
  details: Partial<SegmentMetadata> = {},
): SegmentMetadata {
  return {
    mediaId,
    callUUID: rootCall,
    source: 'mcp',
    startMs: at(startAt),
    stopMs: at(stopAt),
    durationMs: at(stopAt) - at(startAt),
    parameters: {},
    masks: [],
    history: [],
    raw: { mediaId },
    ...details,
  };
}

export function log(
  events: readonly CallEvent[],
  segments: readonly SegmentMetadata[] = [],
): LogEntry[] {
  return [
    ...events.map((item) => ({ kind: 'event' as const, event: item })),
    ...segments.map((item) => ({ kind: 'segment' as const, segment: item })),
  ];
}
