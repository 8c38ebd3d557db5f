import { deriveId } from './derive-id.js';
import type { Conversation } from './conversation.js';
import type { Leg } from './leg.js';

/** GC's word for who a leg is (docs/design/CONVERSATIONS.md#14-how-gc-itself-builds-a-queue-call-the-model-to-imitate and docs/design/CONVERSATIONS.md#27-unknown-agents-and-queues). */
const purposes: Readonly<Record<Leg['kind'], string>> = {
  external: 'customer',
  ivr: 'ivr',
  phone: 'station',
  routing: 'acd',
  user: 'agent',
};

/** `GET /api/v2/conversations/{id}`. */
export function conversationEntity(conversation: Conversation): Record<string, unknown> {
  const legs = [...conversation.legs.values()];
  return {
    id: conversation.conversationId,
    ...(conversation.externalTag !== undefined && { externalTag: conversation.externalTag }),
    ...span(legs, conversation.isComplete),
    participants: legs.map(participant),
    selfUri: `/api/v2/conversations/${conversation.conversationId}`,
  };
}

function participant(leg: Leg): Record<string, unknown> {
  return {
    id: deriveId(leg.communicationId),
    purpose: purposes[leg.kind],
    startTime: iso(leg.establishedAtMs),
    connectedTime: iso(leg.answeredAtMs),
    endTime: iso(leg.endedAtMs),
    userId: leg.userId,
    queueId: leg.queueId,
    ani: leg.ani,
    dnis: leg.dnis,
    wrapupRequired: leg.needsDisposition,
    calls: [
      {
        id: leg.communicationId,
        state: stateOf(leg),
        direction: leg.inbound ? 'inbound' : 'outbound',
        recording: leg.recordingActive,
        held: leg.endedAtMs === undefined && isHeld(leg),
        peerId: leg.invitedBy,
        startAlertingTime: leg.alerted ? iso(leg.establishedAtMs) : undefined,
        connectedTime: iso(leg.answeredAtMs),
        disconnectedTime: iso(leg.endedAtMs),
        disconnectType: disconnectWord(leg),
      },
    ],
  };
}

/** `GET /api/v2/analytics/conversations/{id}/details`. */
export function analyticsEntity(conversation: Conversation): Record<string, unknown> {
  const legs = [...conversation.legs.values()];
  const { startTime, endTime } = span(legs, conversation.isComplete);
  return {
    conversationId: conversation.conversationId,
    conversationStart: startTime,
    conversationEnd: endTime,
    externalTag: conversation.externalTag,
    originatingDirection: legs[0]?.inbound === false ? 'outbound' : 'inbound',
    participants: legs.map((leg) => ({
      participantId: deriveId(leg.communicationId),
      purpose: purposes[leg.kind],
      userId: leg.userId,
      sessions: [
        {
          sessionId: leg.communicationId,
          mediaType: 'voice',
          direction: leg.inbound ? 'inbound' : 'outbound',
          ani: leg.ani,
          dnis: leg.dnis,
          peerId: leg.invitedBy,
          recording: leg.recordingActive,
          segments: segmentsOf(leg),
        },
      ],
    })),
  };
}

function segmentsOf(leg: Leg): Record<string, unknown>[] {
  const marks: { type: string; atMs: number }[] = [];
  const connected = leg.kind === 'ivr' ? 'ivr' : 'interact';
  if (leg.alerted) marks.push({ type: 'alert', atMs: leg.establishedAtMs });
  if (leg.answeredAtMs !== undefined) marks.push({ type: connected, atMs: leg.answeredAtMs });
  for (const { fromMs, toMs } of leg.holds) {
    marks.push({ type: 'hold', atMs: fromMs });
    if (toMs !== undefined) marks.push({ type: connected, atMs: toMs });
  }
  return marks.map(({ type, atMs }, index) => ({
    segmentType: type,
    segmentStart: iso(atMs),
    segmentEnd: iso(marks[index + 1]?.atMs ?? leg.endedAtMs),
    queueId: leg.queueId,
    disconnectType: index === marks.length - 1 ? disconnectWord(leg) : undefined,
  }));
}

function span(legs: readonly Leg[], isComplete: boolean) {
  const start = Math.min(...legs.map((leg) => leg.establishedAtMs));
  const end = Math.max(...legs.map((leg) => leg.endedAtMs ?? 0));
  return {
    startTime: legs.length === 0 ? undefined : iso(start),
    endTime: isComplete ? iso(end) : undefined,
  };
}

function stateOf(leg: Leg): string {
  if (leg.endedAtMs !== undefined) return 'terminated';
  return leg.answeredAtMs === undefined ? 'alerting' : 'connected';
}

function isHeld(leg: Leg): boolean {
  const last = leg.holds.at(-1);
  return last !== undefined && last.toMs === undefined;
}

/** What native calls show for `Self` (docs/design/CONVERSATIONS.md#14-how-gc-itself-builds-a-queue-call-the-model-to-imitate). */
function disconnectWord({ disconnectType, kind }: Leg): string | undefined {
  if (disconnectType === 'Self') return kind === 'external' ? 'endpoint' : 'client';
  return disconnectType?.replace(/^Transfer(?=[A-Z])/, 'transfer.').toLowerCase();
}

function iso(atMs: number | undefined): string | undefined {
  return atMs === undefined ? undefined : new Date(atMs).toISOString();
}
