import { gcEventIdOf } from '@exrec/gc-metadata';
import type { EventKind } from '../journal/event-kind.js';
import type { ConversationOptions } from '../options.js';
import { parseOutgoing, type OutgoingEvent } from './batch.js';
import type { Outgoing } from '../store/outgoing.js';

/**
 * What takes the place of an established event that GC has refused for good: without who invited it, when that leg is
 * refused too; else a user who is no longer there as a phone (docs/design/CONVERSATIONS.md#27-unknown-agents-and-queues, docs/design/CONVERSATIONS.md#8-clarifications (5)). A new event with an id of its
 * own, of the same leg.
 */
export function substituteFor(
  refused: Outgoing,
  lost: ReadonlySet<string>,
  { unknownAgent }: Pick<ConversationOptions, 'unknownAgent'>,
): Outgoing | undefined {
  const event = parseOutgoing(refused.json);
  const { initialConfiguration: initial, eventId: _id, ...rest } = event;
  if (initial?.invitedBy !== undefined && lost.has(initial.invitedBy)) {
    const { invitedBy: _invitedBy, ...alone } = initial;
    return successor(refused, refused.kind, { ...rest, initialConfiguration: alone });
  }
  if (refused.kind !== 'userEstablished') return undefined;
  const { userId: _user, afterCallWorkRequired: _work, queueId: _queue, ...leg } = rest;
  const dn = initial?.additionalInfo?.dn;
  const isPhone = unknownAgent !== 'external';
  return successor(refused, isPhone ? 'phoneEstablished' : 'externalEstablished', {
    ...leg,
    ...(isPhone && dn !== undefined && { phoneNumber: dn }),
    initialConfiguration: initial,
  });
}

/** The same leg under the source that is ours now; undefined when that is the one which was refused. */
export function withSource(
  refused: Outgoing,
  former: string,
  present: string | undefined,
): Outgoing | undefined {
  if (present === undefined || present === former) return undefined;
  const { eventId: _id, sourceConfiguration, ...rest } = parseOutgoing(refused.json);
  return successor(refused, refused.kind, {
    ...rest,
    sourceConfiguration: { ...sourceConfiguration, sourceId: present },
  });
}

/** A millisecond later, so that the id differs even where the kind does not. */
function successor(
  refused: Outgoing,
  kind: EventKind,
  event: Readonly<Record<string, unknown>> & Pick<OutgoingEvent, 'communicationId'>,
): Outgoing {
  const atMs = refused.atMs + (kind === refused.kind ? 1 : 0);
  const { communicationId = '' } = event;
  const json = JSON.stringify({
    eventId: gcEventIdOf(communicationId, kind, atMs),
    ...event,
    eventDateTime: new Date(atMs).toISOString(),
  });
  return { ...refused, kind, atMs, json, index: nextIndex(refused.index) };
}

/** `5`, `5a`, `5b`, … */
function nextIndex(index: string): string {
  const [, number = index, letter = ''] = /^(\d+)([a-z]?)$/.exec(index) ?? [];
  return `${number}${letter === '' ? 'a' : String.fromCharCode(letter.charCodeAt(0) + 1)}`;
}
