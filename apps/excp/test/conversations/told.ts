import { communicationIdOf } from '@exrec/gc-metadata';
import { arrayOf } from '../../src/conversations/journal/event-kind.js';
import type { NewEvent } from '../../src/conversations/events/news.js';
import { consult, root, t0 } from './feed.js';

type Fields = Readonly<Record<string, unknown>> & {
  readonly communicationId?: string;
  readonly initialConfiguration?: {
    readonly alerting?: boolean;
    readonly inbound?: boolean;
    readonly invitedBy?: string;
    readonly recordingActive?: boolean;
  };
};

/** The letters of docs/design/CONVERSATIONS.md#3-worked-examples. */
const letters: Readonly<Record<string, readonly [string, string, number]>> = {
  E: [root, 'Trunk_SBC1', 1],
  X: [root, '*external*', 1],
  Q: [root, 'VQ_TechSupport', 1],
  Q2: [root, 'VQ_TechSupport', 2],
  S: [root, 'VQ_Sales', 1],
  N: [root, 'VQ_Billing', 1],
  A: [root, '7105', 1],
  A2: [root, '7105', 2],
  B: [root, '7201', 1],
  C: [root, '7106', 1],
  U: [root, '9901', 1],
  I: [root, 'IVR_1', 1],
  "A'": [consult, '7105', 1],
  "S'": [consult, 'VQ_Sales', 1],
  "B'": [consult, '7201', 1],
};
const letterOf = new Map(
  Object.entries(letters).map(([letter, name]) => [communicationIdOf(...name), letter]),
);

const kinds: Readonly<Record<string, string>> = {
  externalEstablished: 'ext',
  ivrEstablished: 'ivr',
  routingEstablished: 'routing',
  userEstablished: 'user',
  phoneEstablished: 'phone',
  communicationAnswered: 'answered',
  communicationEnded: 'ended',
  holdUpdated: 'hold',
};

/** Events as section 3 of docs/design/CONVERSATIONS.md writes them, in the order of their times. */
export function told(events: readonly NewEvent[]): string[] {
  return events
    .toSorted((left, right) => left.entry.atMs - right.entry.atMs)
    .map(({ entry, json }) => {
      const event = JSON.parse(json) as Fields;
      const steps = Math.floor((entry.atMs - t0) / 1_000) / 10;
      return [`t${steps}`, kinds[entry.kind] ?? entry.kind, ...words(event)].join(' ');
    });
}

function words(event: Fields): string[] {
  const { initialConfiguration: initial } = event;
  const letter = (id: unknown) => letterOf.get(String(id)) ?? '?';
  const of = (field: string) => (event[field] === undefined ? undefined : letter(event[field]));
  const named = [
    of('initiatingCommunicationId'),
    of('targetCommunicationId'),
    of('destinationCommunicationId'),
    of('objectCommunicationId'),
  ].filter((word) => word !== undefined);
  return [
    ...(event.communicationId === undefined ? [] : [letter(event.communicationId)]),
    ...(initial?.inbound === false ? ['out'] : []),
    ...(initial?.alerting === true ? ['alerting'] : []),
    ...(initial?.invitedBy === undefined ? [] : [`~${letter(initial.invitedBy)}`]),
    ...(initial?.recordingActive === true ? ['rec'] : []),
    ...(event.userId !== undefined && event.queueId !== undefined ? ['queueId'] : []),
    ...(named.length === 0 ? [] : [`{${named.join(',')}}`]),
    ...[event.held, event.finalState, event.disconnectType].flatMap((word) =>
      word === undefined ? [] : [JSON.stringify(word).replaceAll('"', '')],
    ),
  ];
}

/** All events as one request to GC. */
export function batchOf(events: readonly NewEvent[]): Record<string, unknown[]> {
  const batch: Record<string, unknown[]> = {};
  for (const { entry, json } of events) (batch[arrayOf(entry.kind)] ??= []).push(JSON.parse(json));
  return batch;
}
