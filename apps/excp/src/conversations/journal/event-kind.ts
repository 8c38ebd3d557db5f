/** The kinds we send, in the order of one instant (docs/design/CONVERSATIONS.md#22-ids-and-sending-times); a routing leg's end follows its answer. */
export const eventKinds = [
  'externalEstablished',
  'ivrEstablished',
  'routingEstablished',
  'userEstablished',
  'phoneEstablished',
  'communicationAnswered',
  'holdUpdated',
  'userTransfer',
  'routingTransfer',
  'phoneTransfer',
  'progressTransfer',
  'endTransfer',
  'consultTransfer',
  'progressConsultTransfer',
  'endConsultTransfer',
  'communicationEnded',
] as const;

/** The name of GC's array without `Events`. */
export type EventKind = (typeof eventKinds)[number];

/** The array of a kind in a request. */
export function arrayOf(kind: EventKind): `${EventKind}Events` {
  return `${kind}Events`;
}

export function isEstablishing(kind: EventKind): boolean {
  return kind.endsWith('Established');
}

/** Establishing a leg is one thing, whatever the leg is: told as a phone it stays one. */
export function identityOf(kind: EventKind): string {
  return isEstablishing(kind) ? 'established' : kind;
}
