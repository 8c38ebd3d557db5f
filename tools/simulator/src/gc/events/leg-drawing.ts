import type { Conversation } from './conversation.js';
import type { Leg } from './leg.js';

const width = 60;

/**
 * A conversation for a person: a line for each leg, `·` alerting, `━` connected, `░` held, then a line for each
 * event.
 */
export function drawConversation(conversation: Conversation, nowMs: number): string {
  const legs = [...conversation.legs.values()];
  const state = conversation.isComplete
    ? 'complete'
    : `not complete: ${conversation.missing.join(', ')}`;
  const fromMs = Math.min(...legs.map((leg) => leg.establishedAtMs));
  const toMs = Math.max(...legs.map((leg) => leg.endedAtMs ?? nowMs), fromMs + 1);
  const lines = legs.map((leg) => drawLeg(leg, { fromMs, toMs }, nowMs));
  const events = conversation.events.map(({ kind, event }) => drawEvent(kind, event, conversation));
  const refused = conversation.refused.map(({ kind, message }) => `refused ${kind}: ${message}`);
  return [
    `conversation ${conversation.conversationId}`,
    `interaction  ${conversation.interactionId ?? '?'}`,
    `state        ${state}`,
    '',
    ...(legs.length === 0
      ? []
      : [`${' '.repeat(26)}${time(fromMs)}${time(toMs).padStart(width - 12)}`]),
    ...lines,
    '',
    ...events,
    ...refused,
    '',
  ].join('\n');
}

function drawLeg(
  leg: Leg,
  { fromMs, toMs }: { fromMs: number; toMs: number },
  nowMs: number,
): string {
  const place = (atMs: number) => Math.round(((atMs - fromMs) / (toMs - fromMs)) * (width - 1));
  const cells = Array.from({ length: width }, () => ' ');
  const fill = (mark: string, startMs: number, endMs: number) =>
    cells.fill(mark, place(startMs), place(endMs) + 1);
  const endMs = leg.endedAtMs ?? nowMs;
  fill('·', leg.establishedAtMs, endMs);
  if (leg.answeredAtMs !== undefined) fill('━', leg.answeredAtMs, endMs);
  for (const hold of leg.holds) fill('░', hold.fromMs, hold.toMs ?? endMs);
  const label = `${leg.kind.padEnd(9)}${leg.name.slice(0, 15)}`.padEnd(25);
  return `${label} ${cells.join('')} ${leg.disconnectType ?? 'open'}${leg.recordingActive ? ' rec' : ''}`;
}

function drawEvent(
  kind: string,
  event: Readonly<Record<string, unknown>>,
  { legs }: Conversation,
): string {
  const nameOf = (id: unknown) => {
    const leg = legs.get(String(id));
    return leg === undefined ? '' : `${leg.kind} ${leg.name}`;
  };
  const details = [
    nameOf(event.communicationId),
    ...['initiatingCommunicationId', 'objectCommunicationId', 'destinationCommunicationId'].map(
      (field) =>
        event[field] === undefined ? '' : `${field.slice(0, -15)}: ${nameOf(event[field])}`,
    ),
    ...['disconnectType', 'held', 'finalState'].map((field) =>
      event[field] === undefined ? '' : JSON.stringify(event[field]),
    ),
  ];
  const atMs = Date.parse(String(event.eventDateTime));
  return `${time(atMs)}  ${kind.replace(/Events$/, '').padEnd(24)} ${details.filter(Boolean).join(', ')}`;
}

function time(atMs: number): string {
  return new Date(atMs).toISOString().slice(11, -1);
}
