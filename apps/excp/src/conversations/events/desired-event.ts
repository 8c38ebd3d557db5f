import type { EventKind } from '../journal/event-kind.js';
import type { NamedLeg } from '../legs/name-legs.js';

/** An event as the contact calls for it; what of it is news is decided with the journal. */
export type DesiredEvent = {
  readonly kind: EventKind;
  /** The leg that names it; null: its conversation does. */
  readonly anchor: NamedLeg | null;
  readonly conversation: string;
  /** Which of several of this kind at this anchor: a number, or what it belongs to. */
  readonly key: string;
  readonly atMs: number;
  /** Order within one instant. */
  readonly rank: number;
  /** Legs that GC must know of before. */
  readonly needs: readonly NamedLeg[];
  /** Legs that the event names if GC knows them, and else goes without. */
  readonly inviter?: NamedLeg | undefined;
  /** The event that begins the command which this one belongs to; itself, or an earlier one. */
  readonly command?: Pick<DesiredEvent, 'anchor' | 'kind' | 'key' | 'conversation'> | undefined;
  /** All but the ids and the time. */
  readonly fields: Readonly<Record<string, unknown>>;
};

/** Within one instant (docs/design/CONVERSATIONS.md#22-ids-and-sending-times, docs/design/CONVERSATIONS.md#8-clarifications (3)). The customer's answer comes before those whom it brings. */
export const ranks = {
  externalEstablished: 0,
  customerAnswered: 1,
  ivrEstablished: 2,
  routingEstablished: 3,
  userEstablished: 4,
  phoneEstablished: 4,
  communicationAnswered: 5,
  routingEnded: 6,
  holdUpdated: 7,
  userTransfer: 8,
  routingTransfer: 8,
  phoneTransfer: 8,
  progressTransfer: 9,
  endTransfer: 10,
  consultTransfer: 11,
  progressConsultTransfer: 12,
  endConsultTransfer: 13,
  communicationEnded: 14,
} as const;
